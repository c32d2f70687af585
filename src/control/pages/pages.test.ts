import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { operations } from '../public-api/operations.ts';
import { type ControlRig, controlRig } from '../testing/control-rig.ts';

const page = async (rig: ControlRig, url: string, host = 'cdp.example.com:8080') =>
  rig.control.app.inject({ method: 'GET', url, headers: { host } });

describe('the start page', () => {
  it('shows a first event sent to the address it was asked at', async () => {
    const rig = await controlRig();
    const answer = await page(rig, '/');
    assert.equal(answer.statusCode, 200);
    assert.equal(answer.headers['content-type'], 'text/html; charset=utf-8');
    assert.match(answer.body, /curl http:\/\/cdp\.example\.com:8080\/v1\/track/);
    assert.doesNotMatch(answer.body, /localhost/);
    await rig.close();
  });

  it('shows the configured address rather than the Host header', async () => {
    const rig = await controlRig({ publicUrl: 'https://cdp.example.com/in' });
    const { body } = await page(rig, '/', 'elsewhere');
    assert.match(body, /curl https:\/\/cdp\.example\.com\/in\/v1\/track/);
    assert.doesNotMatch(body, /elsewhere/);
    await rig.close();
  });

  it('takes nothing from a hostile Host header', async () => {
    const rig = await controlRig();
    const { body } = await page(rig, '/', 'x"><script>alert(1)</script>');
    assert.doesNotMatch(body, /<script/);
    assert.match(body, /http:\/\/localhost:8080/);
    await rig.close();
  });
});

describe('the pages', () => {
  it('list every operation, and load and run nothing from elsewhere', async () => {
    const rig = await controlRig();
    const docs = await page(rig, '/docs');
    for (const { path, method } of operations) {
      assert.ok(docs.body.includes(`${method}</td><td><code>${path}</code>`), `${method} ${path}`);
    }
    for (const answer of [docs, await page(rig, '/')]) {
      assert.match(String(answer.headers['content-security-policy']), /^default-src 'none'/);
      assert.equal(answer.headers['x-frame-options'], 'DENY');
      for (const [, link] of answer.body.matchAll(/href="([^"]*)"/g)) {
        assert.match(
          String(link),
          /^[a-z]/,
          'relative, so that it holds below the prefix of a proxy',
        );
        assert.equal((await page(rig, `/${link}`)).statusCode === 200, link !== 'health', link);
      }
    }
    await rig.close();
  });
});

describe('what is no page', () => {
  it('is 404, and a malformed path 400, in the envelope of the API', async () => {
    const rig = await controlRig();
    for (const [url, status] of [
      ['/nothing', 404],
      ['/%zz', 400],
      ['/api/%zz', 400],
    ] as const) {
      const answer = await page(rig, url);
      assert.equal(answer.statusCode, status, url);
      assert.equal(answer.json().errors[0].status, status);
      assert.doesNotMatch(answer.body, /FST_|zz/);
    }
    await rig.close();
  });
});
