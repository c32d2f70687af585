/** No way to the host: the known ways out of JavaScript sandboxes, each tried from inside. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { processArguments } from './process-arguments.ts';
import { functionsRig } from './testing/functions-rig.ts';

const track = (body: string): string => `async function onTrack(event, settings) { ${body} }`;

/** Expressions that on a leaky sandbox yield something of Node. */
const attempts = [
  'typeof process',
  'typeof globalThis.process',
  'typeof module',
  'typeof global',
  'typeof WebAssembly',
  'typeof SharedArrayBuffer',
  'typeof Atomics',
  'typeof ivm',
  'typeof call',
  'typeof guest',
  'this.constructor.constructor("return typeof process")()',
  'await fetch.constructor("return typeof process")()',
  'console.log.constructor("return typeof process")()',
  'crypto.createHash.constructor("return typeof process")()',
  'crypto.randomBytes(1).constructor.constructor("return typeof process")()',
  'zlib.gzipSync("a").buffer.constructor.constructor("return typeof process")()',
  'Buffer.constructor("return typeof process")()',
  'setTimeout.constructor("return typeof process")()',
  'event.constructor.constructor("return typeof process")()',
  'settings.constructor.constructor("return typeof process")()',
  '(() => { try { crypto.createHash("none").update("a").digest() } catch (e) { return e.constructor.constructor("return typeof process")() } })()',
  '(() => { try { null.x } catch (e) { return e.constructor.constructor("return typeof process")() } })()',
  '(() => { const deep = () => deep(); try { deep() } catch (e) { return e.constructor.constructor("return typeof process")() } })()',
  'Object.getPrototypeOf(async function () {}).constructor("return typeof process")() instanceof Promise ? "undefined" : "?"',
  'Reflect.construct(Function, ["return typeof process"])()',
  'new Function("return typeof process")()',
  'eval("typeof process")',
  '[].constructor.constructor("return typeof process")()',
  '(await fetch("http://a.test")).constructor.constructor("return typeof process")()',
  '(await (await fetch("http://a.test")).arrayBuffer()).constructor.constructor("return typeof process")()',
  '(await fetch("http://refused.test").catch((e) => e)).constructor.constructor("return typeof process")()',
  'jsonwebtoken.sign.constructor("return typeof process")()',
  '_.template("<%= typeof process %>")()',
];

test('nothing in an isolate leads to an object of the host', async (t) => {
  const { outcome } = functionsRig(t, {
    answer: ({ url }) =>
      url.includes('refused') ? { failure: 'refused', message: 'private' } : { body: 'x' },
  });
  for (const attempt of attempts) {
    const seen = await outcome(track(`return { value: ${attempt} }`), { kind: 'insert' });
    assert.deepEqual(seen, { kind: 'event', text: '{"value":"undefined"}' }, attempt);
  }
});

test('modules cannot be imported, by any name for it', async (t) => {
  const { outcome } = functionsRig(t);
  for (const body of [
    'require("fs")',
    'await import("fs")',
    'await import("node:child_process")',
    'await import("data:text/javascript,export default 1")',
    'new Function("return import(\\"fs\\")")().catch((e) => { throw e }); await import("fs")',
  ]) {
    const seen = await outcome(track(body));
    assert.ok(
      seen.kind === 'failed' && seen.failure === 'bad_request',
      `${body}: ${JSON.stringify(seen)}`,
    );
  }
});

test('the stack of an error names no file of the host', async (t) => {
  const { value } = functionsRig(t);
  const thrown =
    '(() => { try { crypto.createHash("none").update("a").digest() } catch (e) { return e.stack } })()';
  for (const expression of [thrown, 'new Error("x").stack']) {
    const stack = String(await value(expression));
    assert.ok(!/node:|file:|\/src\/|node_modules/.test(stack), stack);
  }
});

test('prototypes that code has poisoned reach neither the host nor another instance', async (t) => {
  const { outcome } = functionsRig(t);
  for (const poison of [
    'Object.prototype.toJSON = () => undefined',
    'Object.prototype.then = () => {}',
    'Object.prototype.ok = false; Object.prototype.problem = "x"',
    'Array.prototype.push = () => { throw new Error("push") }',
    'JSON.stringify = () => "nonsense"; JSON.parse = () => { throw new Error("parse") }',
    'Promise.prototype.then = () => {}',
    'Promise = undefined; Map = undefined; Reflect = undefined',
    'Object.defineProperty(Object.prototype, "0", { set() { throw new Error("set") } })',
    'globalThis.onTrack = undefined; delete globalThis.console',
    'Function.prototype.call = Function.prototype.apply = () => { throw new Error("apply") }',
  ]) {
    // Whatever the function itself comes to.
    await outcome(track(`${poison}; await fetch("http://a.test").catch(() => 0)`), {
      signal: AbortSignal.timeout(3_000),
    });
    assert.deepEqual(await outcome(track('return')), { kind: 'done' }, poison);
  }
});

test('keys such as __proto__ in an event stay data', async (t) => {
  const { outcome } = functionsRig(t);
  const text = '{"type":"track","__proto__":{"admin":true},"constructor":{"prototype":{"x":1}}}';
  const seen = await outcome(track('event.seen = event.admin === undefined; return event'), {
    kind: 'insert',
    input: { kind: 'event', type: 'track', text },
  });
  assert.ok(seen.kind === 'event');
  assert.equal(JSON.parse(seen.text).seen, true);
  assert.equal(Reflect.get({}, 'admin'), undefined);
});

test('what a library of the host is given cannot name files, and keys are bounded', async (t) => {
  const { outcome } = functionsRig(t);
  for (const body of [
    'crypto.createHash("../../etc/passwd").update("a").digest()',
    'crypto.createSign("sha256").update("a").sign("x".repeat(100000))',
    'crypto.pbkdf2Sync("a", "b", 1e9, 64, "sha512")',
    'crypto.randomBytes(1e9)',
    'zlib.constructorSync("a")',
    'zlib.gunzipSync(zlib.gzipSync(zlib.gunzipSync(zlib.gzipSync(Buffer.alloc(17e6)))))',
    'new URL("http://a.test/" + "x".repeat(1e6))',
  ]) {
    const seen = await outcome(track(body));
    assert.ok(
      seen.kind === 'failed' && seen.failure === 'bad_request',
      `${body}: ${JSON.stringify(seen)}`,
    );
  }
});

test('should code get out of its isolate, its process may read no file but ours, write and start nothing', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-escape-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const probe = join(folder, 'probe.cjs');
  const marker = join(folder, 'written');
  writeFileSync(
    probe,
    `const denied = (work) => { try { work(); return 'allowed' } catch (error) { return error.code } };
     const fs = require('node:fs');
     console.log(JSON.stringify([
       denied(() => fs.readFileSync('/etc/passwd')),
       denied(() => fs.writeFileSync(${JSON.stringify(marker)}, 'x')),
       denied(() => require('node:child_process').spawnSync('id')),
       denied(() => new (require('node:worker_threads').Worker)('1', { eval: true })),
     ]));`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...processArguments(),
    `--allow-fs-read=${probe}`,
    probe,
  ]);
  assert.deepEqual(JSON.parse(stdout), Array(4).fill('ERR_ACCESS_DENIED'));
});

test('the process of functions gets nothing of our environment', async (t) => {
  const { outcome, engine } = functionsRig(t);
  await outcome(track(''));
  const [pid] = engine.pids();
  const { readFileSync } = await import('node:fs');
  const names = readFileSync(`/proc/${pid}/environ`, 'utf8')
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => entry.split('=')[0] ?? '');
  const known = ['TZ', 'MALLOC_ARENA_MAX', 'NODE_COMPILE_CACHE', 'NODE_CHANNEL_FD'];
  assert.deepEqual(
    names.filter((name) => !known.includes(name) && !name.startsWith('NODE_CHANNEL')),
    [],
  );
});
