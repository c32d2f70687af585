import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseS3Url } from './s3-url.ts';

test('a URL names bucket, prefix, server and login', () => {
  assert.deepEqual(parseS3Url('s3://my-bucket'), {
    bucket: 'my-bucket',
    prefix: '',
    region: undefined,
    endpoint: undefined,
    pathStyle: false,
    login: undefined,
  });
  const full =
    's3://key:se%2Fcret%40@my-bucket/some/folder/?region=eu-west-1&endpoint=http://127.0.0.1:9000';
  assert.deepEqual(parseS3Url(full), {
    bucket: 'my-bucket',
    prefix: 'some/folder/',
    region: 'eu-west-1',
    endpoint: 'http://127.0.0.1:9000',
    pathStyle: true,
    login: { accessKeyId: 'key', secretAccessKey: 'se/cret@' },
  });
});

test('what does not hold is refused, without its secret', () => {
  for (const url of [
    's3://',
    's3://UP_PER/x',
    'http://bucket',
    's3://bucket?acl=public',
    's3://bucket?endpoint=host',
    's3://bucket?pathStyle=yes',
    's3://only-key@bucket',
    's3://key:hidden@bucket?x=1',
  ]) {
    assert.throws(
      () => parseS3Url(url),
      (error: Error) =>
        'code' in error && error.code === 'config_invalid' && !/hidden/.test(error.message),
      url,
    );
  }
});
