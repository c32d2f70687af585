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

  it('names https where ingest says that the client came by it', async () => {
    const rig = await controlRig();
    const headers = { host: 'cdp.example.com', 'x-forwarded-proto': 'https' };
    const { body } = await rig.control.app.inject({ method: 'GET', url: '/', headers });
    assert.match(body, /curl https:\/\/cdp\.example\.com\/v1\/track/);
    await rig.close();
  });

  it('on a port of its own names the other for events, and itself for the API', async () => {
    for (const publicUrl of [undefined, 'https://in.example.com']) {
      const options = { trackingPort: 8080, ...(publicUrl === undefined ? {} : { publicUrl }) };
      const rig = await controlRig(options);
      const { body } = await page(rig, '/', 'admin.example.com:9000');
      const events = publicUrl ?? 'http://admin.example.com:8080';
      assert.ok(body.includes(`curl ${events}/v1/track`));
      assert.ok(body.includes(`host: &#39;${events}&#39;`) || body.includes(`host: '${events}'`));
      assert.match(body, /curl http:\/\/admin\.example\.com:9000\/api\/destinations/);
      await rig.close();
    }
  });
});

describe('the OpenAPI document', () => {
  it('names the configured address of the API, else the place it was loaded from', async () => {
    const servers = async (options: object) => {
      const rig = await controlRig(options);
      const answer = await page(rig, '/api/openapi.json');
      await rig.close();
      return answer.json().servers;
    };
    assert.deepEqual(await servers({}), [{ url: '../api' }]);
    const publicUrl = 'https://cdp.example.com/in';
    assert.deepEqual(await servers({ publicUrl }), [{ url: `${publicUrl}/api` }]);
    assert.deepEqual(await servers({ publicUrl, trackingPort: 8080 }), [{ url: '../api' }]);
  });
});

describe('the pages', () => {
  it('list every operation, and load and run nothing from elsewhere', async () => {
    const rig = await controlRig();
    const docs = await page(rig, '/docs');
    for (const { path, method } of operations) {
      assert.ok(docs.body.includes(`${method}</span> <code>${path}</code>`), `${method} ${path}`);
    }
    // What it takes and what it answers.
    assert.match(docs.body, /<code>slug<\/code><\/td><td>string<\/td><td><\/td>/);
    assert.match(docs.body, /<code>source\.writeKeys<\/code><\/td><td>list of string<\/td>/);
    for (const answer of [docs, await page(rig, '/')]) {
      assert.match(String(answer.headers['content-security-policy']), /^default-src 'none'/);
      assert.equal(answer.headers['x-frame-options'], 'DENY');
      for (const [, link = ''] of answer.body.matchAll(/href="([^"]*)"/g)) {
        if (link.startsWith('#')) {
          assert(answer.body.includes(`id="${link.slice(1)}"`), link);
          continue;
        }
        assert.match(link, /^[a-z]/, 'relative, so that it holds below the prefix of a proxy');
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
