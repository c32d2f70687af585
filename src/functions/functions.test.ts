/** What handlers return and throw, and what becomes of it (spec tracking-api §12). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { functionsRig } from './testing/functions-rig.ts';

const track = (body: string): string => `async function onTrack(event, settings) { ${body} }`;

test('a destination function that finishes is done, whatever it returns', async (t) => {
  const { outcome } = functionsRig(t);
  assert.deepEqual(await outcome(track('')), { kind: 'done' });
  assert.deepEqual(await outcome(track('return 7')), { kind: 'done' });
});

test('a handler may be declared in any way a script can', async (t) => {
  const { outcome } = functionsRig(t);
  for (const code of ['const onTrack = async () => {}', 'var onTrack = function () {}']) {
    assert.deepEqual(await outcome(code), { kind: 'done' });
  }
});

test('an insert function hands on what it returns, and drops what it does not', async (t) => {
  const { outcome } = functionsRig(t);
  const insert = { kind: 'insert' } as const;
  const changed = await outcome(track('event.seen = true; return event'), insert);
  assert.ok(changed.kind === 'event');
  assert.equal(JSON.parse(changed.text).seen, true);
  assert.equal(JSON.parse(changed.text).userId, 'u1');
  for (const body of ['', 'return null', 'throw new DropEvent("no")', 'return 5']) {
    const dropped = await outcome(track(body), insert);
    assert.ok(dropped.kind === 'failed' && dropped.failure === 'dropped', body);
  }
});

test('the documented errors decide what becomes of the event', async (t) => {
  const { outcome } = functionsRig(t);
  const expected = {
    EventNotSupported: 'unsupported_event_type',
    InvalidEventPayload: 'message_rejected',
    ValidationError: 'message_rejected',
    RetryError: 'retry',
    DropEvent: 'dropped',
    Timeout: 'timeout',
  };
  for (const [name, failure] of Object.entries(expected)) {
    const code = track(`throw new ${name}('said why')`);
    assert.deepEqual(await outcome(code), { kind: 'failed', failure, message: 'said why' });
  }
});

test('any other error is a bad request that names the line', async (t) => {
  const { outcome } = functionsRig(t);
  assert.deepEqual(await outcome('async function onTrack() {\n  nothing.here();\n}'), {
    kind: 'failed',
    failure: 'bad_request',
    message: 'ReferenceError: nothing is not defined (line 2)',
  });
  const odd = await outcome(track('throw { code: 7 }'));
  assert.deepEqual(odd, { kind: 'failed', failure: 'bad_request', message: 'Error: {"code":7}' });
});

test('a promise that is rejected while nobody waits for it fails the invocation', async (t) => {
  const { outcome } = functionsRig(t);
  const code = track('Promise.reject(new TypeError("lost")); await null');
  assert.deepEqual(await outcome(code), {
    kind: 'failed',
    failure: 'bad_request',
    message: 'A promise that nobody waits for was rejected: TypeError: lost',
  });
});

test('an event without a handler is unsupported', async (t) => {
  const { outcome } = functionsRig(t);
  assert.deepEqual(await outcome('async function onPage() {}'), {
    kind: 'failed',
    failure: 'unsupported_event_type',
    message: 'The function has no onTrack',
  });
});

test('code that cannot be loaded says why and where', async (t) => {
  const { outcome } = functionsRig(t);
  const broken = await outcome('async function onTrack() {\n  let a = ;\n}');
  assert.ok(broken.kind === 'failed' && broken.failure === 'invalid_settings');
  assert.match(broken.message, /SyntaxError.*line 2/);
  const throwing = await outcome('\n\nnull.x;');
  assert.ok(throwing.kind === 'failed' && throwing.failure === 'invalid_settings');
  assert.match(throwing.message, /TypeError.*line 3/);
});

test('onBatch tells of each event, or of all of them at once', async (t) => {
  const { outcome } = functionsRig(t);
  const input = { kind: 'batch', texts: ['{"type":"track"}', '{"type":"page"}'] } as const;
  const each =
    'const onBatch = (events) => events.map((e) => e.type === "page" ? { status: 500, errormessage: "later" } : { status: 200 })';
  assert.deepEqual(await outcome(each, { input }), {
    kind: 'items',
    items: [
      { status: 200, message: '' },
      { status: 500, message: 'later' },
    ],
  });
  assert.deepEqual(await outcome('const onBatch = () => {}', { input }), { kind: 'done' });
  const retry = await outcome('const onBatch = () => { throw new RetryError("all") }', { input });
  assert.ok(retry.kind === 'failed' && retry.failure === 'retry');
});

test('onBatch of an insert function pairs events by their place; missing ones are dropped', async (t) => {
  const { outcome } = functionsRig(t);
  const input = { kind: 'batch', texts: ['{"n":1}', '{"n":2}', '{"n":3}'] } as const;
  const code = 'const onBatch = (events) => [events[0], null]';
  assert.deepEqual(await outcome(code, { kind: 'insert', input }), {
    kind: 'events',
    texts: ['{"n":1}', undefined, undefined],
  });
});

test('onDelete takes a regulation', async (t) => {
  const { outcome } = functionsRig(t);
  const input = { kind: 'event', type: 'delete', text: '{"type":"delete","userId":"u"}' } as const;
  const code = 'function onDelete(event) { if (event.userId !== "u") throw new Error("who?") }';
  assert.deepEqual(await outcome(code, { input }), { kind: 'done' });
});

const webhook = (body: string, contentType = 'application/json') =>
  ({
    kind: 'source',
    input: {
      kind: 'request',
      request: {
        url: 'https://cdp.test/fn/key?name=Jane+D',
        headers: { 'content-type': contentType },
        body,
      },
    },
  }) as const;

test('a source function reads the request and emits calls and objects', async (t) => {
  const { outcome } = functionsRig(t);
  const code = `async function onRequest(request, settings) {
    const body = request.json();
    Segment.identify({ userId: body.id, traits: { name: request.url.searchParams.get('name') } });
    const later = { event: 'Seen', userId: body.id, properties: {} };
    Segment.track(later);
    later.userId = 'changed afterwards';
    Segment.set({ collection: 'products', id: 'p1', properties: { type: request.headers.get('Content-Type') } });
    if (request.text() !== '{"id":"u1"}') throw new Error('text');
  }`;
  assert.deepEqual(await outcome(code, webhook('{"id":"u1"}')), {
    kind: 'emitted',
    calls: [
      { type: 'identify', payload: { userId: 'u1', traits: { name: 'Jane D' } } },
      { type: 'track', payload: { event: 'Seen', userId: 'u1', properties: {} } },
      {
        type: 'set',
        payload: { collection: 'products', id: 'p1', properties: { type: 'application/json' } },
      },
    ],
  });
});

test('a form is read like JSON', async (t) => {
  const { outcome } = functionsRig(t);
  const code = 'const onRequest = (request) => Segment.track(request.json())';
  const form = webhook('event=A+b&userId=%C3%BC', 'application/x-www-form-urlencoded');
  assert.deepEqual(await outcome(code, form), {
    kind: 'emitted',
    calls: [{ type: 'track', payload: { event: 'A b', userId: 'ü' } }],
  });
});

test('a source function that fails emits nothing', async (t) => {
  const { outcome } = functionsRig(t);
  const code = 'function onRequest() { Segment.track({ event: "a" }); throw new RetryError("b") }';
  const retry = { kind: 'failed', failure: 'retry', message: 'b' };
  assert.deepEqual(await outcome(code, webhook('{}')), retry);
  const none = await outcome('const onTrack = () => {}', webhook('{}'));
  assert.ok(none.kind === 'failed' && none.failure === 'invalid_settings');
});

test('settings of every type reach the handler, and its changes to them stay its own', async (t) => {
  const { outcome } = functionsRig(t);
  const settings = { text: 'a', yes: true, list: ['a', 'b'], map: { k: 'v' } };
  const code = track('event.settings = { ...settings }; settings.text = "b"; return event');
  for (let n = 0; n < 2; n += 1) {
    const seen = await outcome(code, { kind: 'insert', settings });
    assert.ok(seen.kind === 'event');
    assert.deepEqual(JSON.parse(seen.text).settings, settings);
  }
});

test('secrets are blacked out of logs and messages', async (t) => {
  const { run } = functionsRig(t);
  const settings = { key: 'hush-hush', map: { inner: 'also-hidden' }, open: 'seen' };
  const code = track(
    'console.log("k", settings.key, settings.open, settings.map); throw new Error("with " + settings.key)',
  );
  const report = await run(code, { settings, secrets: ['key', 'map'] });
  const text = JSON.stringify(report);
  assert.ok(!text.includes('hush') && !text.includes('also'), text);
  assert.ok(text.includes('seen'));
  const each = await run('const onBatch = (all, s) => [{ status: 400, errormessage: s.key }]', {
    settings,
    secrets: ['key'],
    input: { kind: 'batch', texts: ['{}'] },
  });
  assert.ok(!JSON.stringify(each).includes('hush'));
});

test('logs come with the report, up to their bound', async (t) => {
  const { run } = functionsRig(t);
  const code = track(
    'console.log("a %s b", 1, { c: [1n] }); console.error(new TypeError("x").message); const loop = {}; loop.me = loop; console.warn(loop)',
  );
  const report = await run(code);
  assert.deepEqual(report.logs, [
    { level: 'log', text: 'a 1 b {"c":["1n"]}' },
    { level: 'error', text: 'x' },
    { level: 'warn', text: '{"me":"[Circular]"}' },
  ]);
  const long = await run(track('for (let n = 0; n < 1e4; n += 1) console.log("line", n)'));
  assert.ok(long.logsCut);
  const length = long.logs.reduce((sum, { text }) => sum + text.length, 0);
  assert.ok(length > 4_000 && length <= 4_096, String(length));
});

test('logs of an invocation that was cut off are kept', async (t) => {
  const { run } = functionsRig(t, { bounds: { wallMs: 200, cpuMs: 100 } });
  for (const body of ['await new Promise(() => {})', 'for (;;);']) {
    const report = await run(track(`console.log("here"); ${body}`));
    assert.ok(report.outcome.kind === 'failed' && report.outcome.failure === 'timeout');
    assert.deepEqual(report.logs, [{ level: 'log', text: 'here' }]);
  }
});

test('global variables stay from one invocation to the next of the same instance, and only of it', async (t) => {
  const { outcome } = functionsRig(t);
  const code = 'let n = 0; function onTrack(event) { n += 1; event.n = n; return event }';
  const count = async (instance: string, trial = false): Promise<unknown> => {
    const seen = await outcome(code, { kind: 'insert', instance, trial });
    return seen.kind === 'event' ? JSON.parse(seen.text).n : seen;
  };
  assert.deepEqual([await count('one'), await count('one')], [1, 2]);
  assert.equal(await count('two'), 1);
  assert.equal(await count('one', true), 1);
  assert.equal(await count('one'), 3);
});

test('invocations of one instance run at once, and never share what belongs to one', async (t) => {
  const { run } = functionsRig(t);
  const code = `async function onTrack(event) {
    console.log(event.n);
    await new Promise((resolve) => setTimeout(resolve, 20));
    console.log(event.n);
    return event;
  }`;
  const all = Array.from({ length: 50 }, (_, n) => run(code, { kind: 'insert', event: { n } }));
  for (const [n, report] of (await Promise.all(all)).entries()) {
    assert.deepEqual(report.outcome, { kind: 'event', text: `{"n":${n}}` });
    assert.deepEqual(
      report.logs.map(({ text }) => text),
      [String(n), String(n)],
    );
  }
});
