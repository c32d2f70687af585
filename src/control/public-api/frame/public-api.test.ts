import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isJsonObject } from '../../../core/json.ts';
import { adminToken, type ControlRig, controlRig } from '../../testing/control-rig.ts';

describe('an answer', () => {
  let rig: ControlRig;
  before(async () => {
    rig = await controlRig();
  });
  after(() => rig.close());

  it('counts the requests of the token in its headers', async () => {
    const { headers } = await rig.call('GET', '/');
    assert.equal(headers['x-ratelimit-consumed'], '1');
    assert.equal(headers['x-ratelimit-remaining'], '999999');
    const reset = String(headers['x-ratelimit-reset']);
    assert.match(reset, /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
  });

  it('has the media type asked for, if the operation has that version, else plain JSON', async () => {
    const typeFor = async (accept: string, path = '/') =>
      (await rig.call('GET', path, { headers: { accept } })).headers['content-type'];
    assert.equal(
      await typeFor('application/vnd.segment.v1+json'),
      'application/vnd.segment.v1+json; charset=utf-8',
    );
    assert.equal(
      await typeFor('application/vnd.segment.stable+json'),
      'application/vnd.segment.stable+json; charset=utf-8',
    );
    assert.equal(await typeFor('*/*'), 'application/json; charset=utf-8');
    assert.equal(
      await typeFor('application/vnd.segment.v1beta+json', '/echo?message=x'),
      'application/json; charset=utf-8',
    );
  });

  it('to an unknown path or method is 404 or 405, in the envelope', async () => {
    const unknown = await rig.call('GET', '/no-such-path');
    assert.equal(unknown.status, 404);
    assert.equal(unknown.at('errors.0.type'), 'not-found');
    const wrong = await rig.call('PUT', '/sources');
    assert.equal(wrong.status, 405);
    assert.equal(wrong.headers['allow'], 'GET, POST');
    assert.equal(wrong.at('errors.0.type'), 'method-not-allowed');
  });

  it('to a method that needs what the request lacks is 400, not a defect', async () => {
    const answer = await rig.control.app.inject({ method: 'QUERY', url: '/api/sources' });
    assert.equal(answer.statusCode, 400);
    assert.equal(answer.json().errors[0].type, 'bad-request');
  });

  it('to a body that cannot be read keeps the connection, of which ingest decides', async () => {
    const { headers, statusCode } = await rig.control.app.inject({
      method: 'POST',
      url: '/api/sources',
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
      payload: '{',
    });
    assert.equal(statusCode, 422);
    assert.notEqual(headers['connection'], 'close');
  });

  it('has no CORS header', async () => {
    const { headers } = await rig.call('GET', '/', { headers: { origin: 'https://example.com' } });
    assert.equal(headers['access-control-allow-origin'], undefined);
  });
});

describe('a body', () => {
  let rig: ControlRig;
  before(async () => {
    rig = await controlRig();
  });
  after(() => rig.close());

  async function post(slug: string, contentType: string, payload?: string) {
    return rig.control.app.inject({
      method: 'POST',
      url: '/api/sources',
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': contentType },
      payload: payload ?? JSON.stringify({ slug, metadataId: 'iUM16Md8P2' }),
    });
  }

  it('is read under JSON and all of Segment’s media types', async () => {
    const types = [
      'json',
      'vnd.segment.v1+json',
      'vnd.segment.v1alpha+json',
      'vnd.segment.beta+json',
    ];
    for (const [index, type] of types.entries()) {
      const answer = await post(`s${index}`, `application/${type}; charset=utf-8`);
      assert.equal(answer.statusCode, 201, type);
    }
  });

  it('of another media type is 415, broken JSON 422, too much 413', async () => {
    assert.equal((await post('x', 'text/xml')).statusCode, 415);
    assert.equal((await post('x', 'application/json', '{"a":')).statusCode, 422);
    const large = await post('x', 'application/json', ' '.repeat(2_000_000));
    assert.equal(large.statusCode, 413);
    assert.equal(large.json().errors[0].type, 'payload-too-large');
  });

  it('may be empty under any media type where none is needed', async () => {
    const id = (await rig.call('GET', '/sources')).at('data.sources.0.id');
    const answer = await rig.control.app.inject({
      method: 'POST',
      url: `/api/sources/${id}/writekey`,
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    });
    assert.equal(answer.statusCode, 200);
  });

  it('may hold keys nobody knows; a type is never coerced', async () => {
    const known = { slug: 'unknown-keys', metadataId: 'iUM16Md8P2' };
    const odd = { ...known, nobody: 1, constructor: 2 };
    assert.equal((await rig.call('POST', '/sources', { body: odd })).status, 201);
    const coerced = await rig.call('POST', '/sources', { body: { ...known, slug: 5 } });
    assert.equal(coerced.at('errors.0.message'), '"slug" must be a string');
  });
});

describe('the rate limit', () => {
  it('holds per token and operation, and says when to come back', async () => {
    const rig = await controlRig({ apiPerMinute: 2 });
    await rig.call('GET', '/');
    await rig.call('GET', '/');
    const refused = await rig.call('GET', '/');
    assert.equal(refused.status, 429);
    assert.equal(refused.at('errors.0.type'), 'RequestError');
    assert.equal(refused.at('errors.0.message'), 'Too many requests');
    const data = refused.at('errors.0.data');
    assert(isJsonObject(data));
    assert.deepEqual(Object.keys(data).sort(), [
      'consumedPoints',
      'msBeforeNext',
      'remainingPoints',
    ]);
    assert.equal(data['consumedPoints'], 3);
    assert.match(String(refused.headers['retry-after']), /^\d+$/);
    assert.equal((await rig.call('GET', '/sources')).status, 200);
    await rig.close();
  });
});

it('an operation whose rate Segment names has that rate', async () => {
  const rig = await controlRig({ apiOwnRates: true });
  const call = () => rig.call('DELETE', '/destinations/none/subscriptions/none');
  for (let count = 0; count < 5; count += 1) assert.equal((await call()).status, 404);
  const refused = await call();
  assert.equal(refused.status, 429);
  assert.equal(refused.headers['x-ratelimit-remaining'], '0');
  await rig.close();
});

describe('the OpenAPI document', () => {
  it('names every operation with its answer, and needs no token', async () => {
    const rig = await controlRig();
    const answer = await rig.control.app.inject('/api/openapi.json');
    const document = answer.json();
    assert.equal(document.openapi, '3.1.0');
    const created = document.paths['/sources'].post.responses['201'];
    const reference = created.content['application/vnd.segment.v1+json'].schema.$ref;
    const schema = document.components.schemas[reference.split('/').at(-1)];
    assert.equal(schema.properties.data.properties.source.additionalProperties, false);
    assert.deepEqual(document.components.schemas.CreateSourceRequest.required, [
      'slug',
      'metadataId',
    ]);
    await rig.close();
  });
});

describe('the pages', () => {
  it('stand alone: nothing is loaded from elsewhere', async () => {
    const rig = await controlRig();
    for (const url of ['/', '/docs']) {
      const page = await rig.control.app.inject(url);
      assert.equal(page.statusCode, 200);
      assert.match(String(page.headers['content-security-policy']), /default-src 'none'/);
      assert(!/<(script|link|img)/.test(page.body));
    }
    await rig.close();
  });
});
