/** The globals that the documentation of functions names: each is there and works, or says what to do. */
import assert from 'node:assert/strict';
import { createHash, createHmac, generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { documentedGlobals } from './documented-globals.ts';
import { functionsRig } from './testing/functions-rig.ts';

test('every documented global is there, or throws a sentence that names it and what to do with fetch', async (t) => {
  const { value, outcome } = functionsRig(t);
  for (const { name, instead } of documentedGlobals) {
    if (instead === undefined) {
      assert.match(String(await value(`typeof ${name}`)), /^(function|object)$/, name);
      continue;
    }
    const seen = await outcome(`const onTrack = () => ${name}.anything`);
    assert.ok(seen.kind === 'failed' && seen.failure === 'bad_request', name);
    assert.ok(seen.message.includes(`\`${name}\` is not available here: `), seen.message);
    assert.match(seen.message, /fetch/);
  }
});

test('a global may be replaced or shadowed, also one that is not there', async (t) => {
  const { value } = functionsRig(t);
  assert.equal(await value('stripe', 'const stripe = 7;'), 7);
  assert.equal(await value('xml()', 'function xml() { return 8 }'), 8);
  assert.equal(await value('typeof zlib.gzipSync', 'zlib = zlib.zlib;'), 'function');
  assert.equal(await value('fetch', 'let fetch = 9;'), 9);
});

test('Buffer, TextEncoder, atob and btoa agree with Node', async (t) => {
  const { value } = functionsRig(t);
  const bytes = Buffer.from('ü?~~>ア');
  for (const encoding of ['utf8', 'hex', 'base64', 'base64url', 'latin1'] as const) {
    const text = bytes.toString(encoding);
    assert.equal(await value(`Buffer.from('ü?~~>ア').toString('${encoding}')`), text);
    assert.deepEqual(await value(`[...Buffer.from(${JSON.stringify(text)}, '${encoding}')]`), [
      ...Buffer.from(text, encoding),
    ]);
  }
  assert.equal(await value('btoa("a\\xff")'), btoa('a\xff'));
  assert.equal(await value('atob("Yf8=")'), 'a\xff');
  assert.equal(await value('new TextDecoder().decode(new TextEncoder().encode("ü"))'), 'ü');
});

test('URL and URLSearchParams follow WHATWG', async (t) => {
  const { value } = functionsRig(t);
  const seen = await value(`(() => {
    const url = new URL('../b?x=1&y=a+b%20c#h', 'https://u:p@Host.test:8443/a/c/d');
    url.searchParams.append('z', 'ü&=');
    url.searchParams.delete('x');
    const query = [...url.searchParams];
    url.port = '';
    return [url.href, url.host, url.pathname, query, url.origin, String(url), URL.canParse('nonsense')];
  })()`);
  const url = new URL('../b?x=1&y=a+b%20c#h', 'https://u:p@Host.test:8443/a/c/d');
  url.searchParams.append('z', 'ü&=');
  url.searchParams.delete('x');
  const query = [...url.searchParams];
  url.port = '';
  assert.deepEqual(seen, [url.href, url.host, url.pathname, query, url.origin, String(url), false]);
  const params = 'new URLSearchParams({ a: "1 2", b: "~!" }).toString()';
  assert.equal(await value(params), new URLSearchParams({ a: '1 2', b: '~!' }).toString());
});

test('hashes, hmacs, random bytes and comparisons are those of Node', async (t) => {
  const { value } = functionsRig(t);
  const hash = createHash('sha256')
    .update('a')
    .update(Buffer.from([1]))
    .digest('hex');
  assert.equal(
    await value('crypto.createHash("sha256").update("a").update(Buffer.from([1])).digest("hex")'),
    hash,
  );
  const hmac = createHmac('sha1', 'key').update('ü').digest('base64');
  assert.equal(await value('crypto.createHmac("sha1", "key").update("ü").digest("base64")'), hmac);
  assert.match(String(await value('crypto.randomUUID()')), /^[0-9a-f-]{36}$/);
  assert.equal(await value('crypto.randomBytes(8).length'), 8);
  assert.equal(await value('crypto.timingSafeEqual(Buffer.from("a"), Buffer.from("a"))'), true);
});

test('what is enciphered can be deciphered, with its tag checked', async (t) => {
  const { value } = functionsRig(t);
  for (const [name, key, iv] of [
    ['aes-256-cbc', 32, 16],
    ['aes-256-gcm', 32, 12],
  ]) {
    const seen = await value(`(() => {
      const key = crypto.randomBytes(${key}), iv = crypto.randomBytes(${iv});
      const cipher = crypto.createCipheriv('${name}', key, iv);
      const sealed = cipher.update('secret', 'utf8', 'hex') + cipher.final('hex');
      const opened = crypto.createDecipheriv('${name}', key, iv);
      if ('${name}'.endsWith('gcm')) opened.setAuthTag(cipher.getAuthTag());
      return opened.update(sealed, 'hex', 'utf8') + opened.final('utf8');
    })()`);
    assert.equal(seen, 'secret', String(name));
  }
});

test('jsonwebtoken signs and verifies, with a secret and with keys', async (t) => {
  const { value, outcome } = functionsRig(t);
  const seen = await value(`(() => {
    const token = jsonwebtoken.sign({ sub: 'u' }, 'secret', { expiresIn: '1h', algorithm: 'HS256' });
    return [jsonwebtoken.verify(token, 'secret').sub, jsonwebtoken.decode(token, { complete: true }).header.alg];
  })()`);
  assert.deepEqual(seen, ['u', 'HS256']);
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const keys = `const pub = ${JSON.stringify(publicKey)}, priv = ${JSON.stringify(privateKey)};`;
  assert.equal(
    await value(
      'jsonwebtoken.verify(jsonwebtoken.sign({ sub: "r" }, priv, { algorithm: "RS256" }), pub).sub',
      keys,
    ),
    'r',
  );
  const signed = 'crypto.createSign("sha256").update("a").sign(priv)';
  const check = `crypto.createVerify("sha256").update("a").verify(pub, ${signed})`;
  assert.equal(await value(check, keys), true);
  const wrong = await outcome(
    'const onTrack = () => jsonwebtoken.verify(jsonwebtoken.sign({}, "a"), "b")',
  );
  assert.ok(wrong.kind === 'failed');
  assert.match(wrong.message, /^JsonWebTokenError: invalid signature/);
});

test('lodash, moment with time zones, xml2js and uuidv5 work', async (t) => {
  const { value } = functionsRig(t);
  assert.deepEqual(await value('_.chunk([1, 2, 3], 2)'), [[1, 2], [3]]);
  assert.equal(
    await value('moment.tz("2026-06-01T12:00:00Z", "Europe/Berlin").format("YYYY-MM-DD HH:mm Z")'),
    '2026-06-01 14:00 +02:00',
  );
  const xml = '<a><b id="1">x</b><b>y</b></a>';
  assert.deepEqual(await value(`await xml2js.parseStringPromise('${xml}')`), {
    a: { b: [{ _: 'x', $: { id: '1' } }, 'y'] },
  });
  assert.equal(
    await value('new xml2js.Builder({ headless: true }).buildObject({ a: { b: 1 } })'),
    '<a>\n  <b>1</b>\n</a>',
  );
  const space = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
  const id = '2ed6657d-e927-568b-95e1-2665a8aea6a2';
  assert.equal(await value(`uuidv5('dns', 'www.example.com')`), id);
  assert.equal(await value(`uuidv5.uuidv5('${space}', 'www.example.com')`), id);
});

test('zlib packs and unpacks, at once, by callback and by promise', async (t) => {
  const { value } = functionsRig(t);
  for (const [pack, unpack] of [
    ['deflate', 'inflate'],
    ['gzip', 'gunzip'],
    ['brotliCompress', 'brotliDecompress'],
    ['deflateRaw', 'inflateRaw'],
  ]) {
    const sync = `zlib.zlib.${unpack}Sync(zlib.${pack}Sync('ü')).toString()`;
    const callback = `await new Promise((r) => zlib.${pack}('ü', (e, b) => zlib.${unpack}(b, (x, c) => r(String(c)))))`;
    const promise = `String(await zlib.${unpack}(await zlib.${pack}('ü')))`;
    assert.deepEqual(await value(`[${sync}, ${callback}, ${promise}]`), ['ü', 'ü', 'ü']);
  }
});

test('cache.load makes a value once until it has expired or failed, and cache.delete forgets it', async (t) => {
  const { value } = functionsRig(t);
  const seen = await value(`await (async () => {
    let made = 0;
    const make = async () => ++made;
    const a = [await cache.load('k', 60000, make), await cache.load('k', 60000, make)];
    cache.delete('k');
    a.push(await cache.load('k', -1, make), await cache.load('k', make));
    await cache.load('f', 60000, async () => { throw new Error('x') }).catch(() => 0);
    a.push(await cache.load('f', 60000, make), await cache.load('z', 0, make), await cache.load('z', 0, make));
    return a;
  })()`);
  assert.deepEqual(seen, [1, 1, 2, 2, 3, 4, 5]);
});

test('OAuth signs a request and sends it', async (t) => {
  const { value, requests } = functionsRig(t, { answer: () => ({ body: 'oauth_token=t' }) });
  const seen = await value(`await new Promise((resolve, reject) => {
    const client = new OAuth.OAuth('https://a.test/request', 'https://a.test/access', 'key', 'secret', '1.0', null, 'HMAC-SHA1');
    client.get('https://a.test/me?x=1', 'token', 'shh', (error, data) => error ? reject(error) : resolve(data));
  })`);
  assert.equal(seen, 'oauth_token=t');
  assert.equal(requests[0]?.url, 'https://a.test:443/me?x=1');
  assert.match(
    requests[0]?.headers['authorization'] ?? '',
    /^OAuth oauth_consumer_key="key".*oauth_signature="[^"]+/,
  );
});

test('https.request and https.get go through fetch', async (t) => {
  const { value, requests } = functionsRig(t, { answer: () => ({ status: 201, body: 'made' }) });
  const seen = await value(`await new Promise((resolve) => {
    const request = https.request({ hostname: 'a.test', path: '/x', method: 'POST', headers: { 'X-A': '1' } }, (response) => {
      let text = '';
      response.on('data', (part) => { text += part });
      response.on('end', () => resolve([response.statusCode, text]));
    });
    request.write('bo'); request.end('dy');
  })`);
  assert.deepEqual(seen, [201, 'made']);
  assert.equal(requests[0]?.url, 'https://a.test/x');
  assert.equal(Buffer.from(requests[0]?.body ?? '').toString(), 'body');
});

test('timers fire in order, repeat, and can be cleared', async (t) => {
  const { value } = functionsRig(t);
  const seen = await value(`await new Promise((resolve) => {
    const seen = [];
    let left = 3;
    const repeated = setInterval(() => {
      seen.push('i');
      if (--left === 0) { clearInterval(repeated); setTimeout(resolve, 20, seen) }
    }, 1);
    clearTimeout(setTimeout(() => seen.push('never'), 1));
    setImmediate(() => seen.unshift('now'));
  })`);
  assert.deepEqual(seen, ['now', 'i', 'i', 'i']);
});
