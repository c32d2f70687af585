/** Code that means harm, or is broken: it ends in a clear outcome, and nobody else is worse off. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { functionsRig } from './testing/functions-rig.ts';

const track = (body: string): string => `async function onTrack(event, settings) { ${body} }`;
const tight = { bounds: { wallMs: 400, cpuMs: 150, memoryMegabytes: 16 } };
const good = track('await null');

test('a promise that never resolves is a timeout', async (t) => {
  const { outcome } = functionsRig(t, tight);
  const code = track('await new Promise(() => {})');
  for (let n = 0; n < 3; n += 1) {
    assert.deepEqual(await outcome(code), {
      kind: 'failed',
      failure: 'timeout',
      message: 'The function did not finish within 400 ms',
    });
  }
});

test('a promise that never resolves is a timeout also when it is collected as garbage first', async (t) => {
  const { outcome } = functionsRig(t, { bounds: { wallMs: 3_000, memoryMegabytes: 32 } });
  const code = `async function onTrack(event) {
    if (event.hangs) await new Promise(() => {});
    const kept = [];
    for (let n = 0; n < 20; n += 1) kept.push(new Array(1e5).fill(n + 0.5));
  }`;
  const hanging = outcome(code, { event: { hangs: true } });
  for (let n = 0; n < 40; n += 1) await outcome(code, { event: {} });
  assert.deepEqual(await hanging, {
    kind: 'failed',
    failure: 'timeout',
    message: 'The function did not finish within 3000 ms',
  });
});

test('what runs beside a memory bomb of its own function is run again at once', async (t) => {
  const { outcome } = functionsRig(t, {
    bounds: { wallMs: 30_000, cpuMs: 20_000, memoryMegabytes: 16 },
  });
  const code = `async function onTrack(event) {
    const kept = [];
    if (event.bomb) for (;;) { kept.push(new Array(1e4).fill(1.5)); await null; }
    await new Promise((resolve) => setTimeout(resolve, 50));
    return fetch('http://a.test');
  }`;
  assert.deepEqual(await outcome(code, { event: {} }), { kind: 'done' });
  const beside = [1, 2, 3, 4].map(() => outcome(code, { event: {} }));
  const bomb = await outcome(code, { event: { bomb: true } });
  assert.ok(bomb.kind === 'failed' && bomb.failure === 'memory_exceeded', JSON.stringify(bomb));
  for (const ended of await Promise.all(beside)) assert.deepEqual(ended, { kind: 'done' });
});

test('an endless loop is a timeout, also after an await, in a microtask, a timer, or an answer', async (t) => {
  const { outcome } = functionsRig(t, { bounds: { cpuMs: 150 } });
  for (const body of [
    'for (;;);',
    'await null; for (;;);',
    'for (;;) await null;',
    'await new Promise((r) => setTimeout(r, 5)); for (;;);',
    'setTimeout(() => { for (;;); }, 5); await new Promise(() => {});',
    'await fetch("http://a.test"); for (;;);',
    '/^(a+)+$/.test("a".repeat(40) + "b")',
    'return { toJSON() { for (;;); } }',
  ]) {
    const ended = await outcome(track(body));
    assert.ok(
      ended.kind === 'failed' && ended.failure === 'timeout',
      `${body}: ${JSON.stringify(ended)}`,
    );
    assert.match(ended.message, /kept the CPU for 150 ms/, body);
  }
});

test('a loop outside of the handlers is a timeout too', async (t) => {
  const { outcome } = functionsRig(t, tight);
  const ended = await outcome('for (;;);');
  assert.ok(ended.kind === 'failed' && ended.failure === 'timeout');
});

test('a memory bomb ends as such, and the function goes on', async (t) => {
  const { outcome } = functionsRig(t, { bounds: { ...tight.bounds, wallMs: 5_000, cpuMs: 4_000 } });
  const code = `function onTrack(event) {
    const kept = [];
    if (event.bomb) for (;;) kept.push(new Array(1e5).fill(1.5));
  }`;
  const bomb = await outcome(code, { event: { bomb: true } });
  assert.deepEqual(bomb, {
    kind: 'failed',
    failure: 'memory_exceeded',
    message: 'The function took more than 16 MB of memory',
  });
  assert.deepEqual(await outcome(code, { event: {} }), { kind: 'done' });
  for (const body of [
    'const kept = []; for (;;) kept.push(new Uint8Array(1e6))',
    'let text = "x"; for (;;) text += text',
    'const kept = []; for (let n = 0; ; n += 1) kept.push(Buffer.alloc(1e6, n))',
  ]) {
    const ended = await outcome(track(body));
    assert.equal(ended.kind, 'failed', body);
  }
  assert.deepEqual(await outcome(good), { kind: 'done' });
});

test('what is returned, and how much is asked for, is bounded', async (t) => {
  const { outcome, requests } = functionsRig(t, {
    bounds: { resultLength: 10_000, requests: 5, requestBytes: 1_000 },
  });
  const large = await outcome(track('return { a: "x".repeat(20000) }'), { kind: 'insert' });
  assert.ok(large.kind === 'failed' && large.failure === 'bad_request');
  assert.match(large.message, /10000 characters/);
  const many = await outcome(track('for (;;) await fetch("http://a.test")'));
  assert.ok(many.kind === 'failed' && many.failure === 'bad_request');
  assert.match(many.message, /may make 5 requests/);
  assert.equal(requests.length, 5);
  const body = await outcome(
    track('await fetch("http://a.test", { method: "POST", body: "x".repeat(2000) })'),
  );
  assert.ok(body.kind === 'failed');
  assert.match(body.message, /larger than 1000 bytes/);
});

test('while one function loops, another hangs and another fills its memory, a fourth is served', async (t) => {
  const { outcome, engine } = functionsRig(t, {
    bounds: { wallMs: 120_000, cpuMs: 60_000, memoryMegabytes: 16 },
  });
  await outcome(good);
  let ended = 0;
  const trouble = ['for (;;);', 'await new Promise(() => {})'].map((body) =>
    outcome(track(body)).finally(() => {
      ended += 1;
    }),
  );
  const bomb = outcome(track('const kept = []; for (;;) kept.push(new Array(1e5).fill(1.5))'));
  for (let served = 0; served < 100; served += 1) {
    assert.deepEqual(await outcome(good), { kind: 'done' });
  }
  const burst = await bomb;
  assert.ok(burst.kind === 'failed' && burst.failure === 'memory_exceeded');
  assert.deepEqual(await outcome(good), { kind: 'done' });
  assert.equal(ended, 0, 'the others are still at it');
  await engine.stop();
  for (const one of await Promise.all(trouble)) {
    assert.ok(one.kind === 'failed' && one.failure === 'interrupted');
  }
});

test('when the process dies, what ran there is interrupted, and the next invocation is served', async (t) => {
  const { outcome, engine } = functionsRig(t);
  await outcome(good);
  const [pid] = engine.pids();
  assert.ok(pid !== undefined);
  const running = [1, 2, 3].map(() => outcome(track('await new Promise(() => {})')));
  await outcome(good);
  process.kill(pid, 'SIGKILL');
  for (const ended of await Promise.all(running)) {
    assert.ok(ended.kind === 'failed' && ended.failure === 'interrupted');
    assert.match(ended.message, /process of functions died \(SIGKILL\)/);
  }
  assert.deepEqual(await outcome(good), { kind: 'done' });
  assert.ok(!engine.pids().includes(pid));
});

test('code that was there when its process died, or broke a bound, runs apart from the others', async (t) => {
  const { outcome, engine } = functionsRig(t, tight);
  await outcome(good);
  const steady = engine.pids();
  assert.equal(steady.length, 1);
  await outcome(track('for (;;);'));
  assert.deepEqual(engine.pids(), steady);
  await outcome(track('for (;;);'));
  assert.equal(engine.pids().length, 2);
  await outcome(good);
  assert.equal(engine.pids().length, 2);
});

test('a process that goes silent is killed, and what ran there is interrupted', async (t) => {
  const { outcome, engine } = functionsRig(t, { bounds: { wallMs: 60_000, pingMs: 200 } });
  await outcome(good);
  const [pid] = engine.pids();
  assert.ok(pid !== undefined);
  process.kill(pid, 'SIGSTOP');
  const ended = await outcome(good);
  assert.ok(ended.kind === 'failed' && ended.failure === 'interrupted', JSON.stringify(ended));
  assert.deepEqual(await outcome(good), { kind: 'done' });
});

test('more invocations than may wait are told to come back', async (t) => {
  const { outcome } = functionsRig(t, {
    bounds: { wallMs: 1_500, contexts: 2, waiting: 3 },
  });
  const code = track('await new Promise((resolve) => setTimeout(resolve, 100))');
  const all = await Promise.all(Array.from({ length: 12 }, () => outcome(code)));
  const refused = all.filter((one) => one.kind === 'failed' && one.failure === 'overloaded');
  assert.equal(refused.length, 7, JSON.stringify(all));
  assert.equal(all.filter(({ kind }) => kind === 'done').length, 5, JSON.stringify(all));
});

test('an invocation that is called off ends at once', async (t) => {
  const { outcome } = functionsRig(t);
  const abort = new AbortController();
  const ended = outcome(track('await fetch("http://a.test/"); await new Promise(() => {})'), {
    signal: abort.signal,
  });
  abort.abort();
  assert.deepEqual(await ended, {
    kind: 'failed',
    failure: 'timeout',
    message: 'The invocation was called off',
  });
});

test('more versions and instances than are kept warm take turns', async (t) => {
  const { outcome } = functionsRig(t, { bounds: { instances: 2 } });
  for (let round = 0; round < 2; round += 1) {
    for (const instance of ['a', 'b', 'c', 'd']) {
      assert.deepEqual(await outcome(good, { instance }), { kind: 'done' });
    }
  }
});

test('after the engine has stopped, nothing runs', async (t) => {
  const { outcome, engine } = functionsRig(t);
  const running = outcome(track('await new Promise(() => {})'));
  await engine.stop();
  const ended = await running;
  assert.ok(ended.kind === 'failed' && ended.failure === 'interrupted');
  assert.deepEqual(engine.pids(), []);
  const after = await outcome(good);
  assert.ok(after.kind === 'failed' && after.failure === 'interrupted');
});
