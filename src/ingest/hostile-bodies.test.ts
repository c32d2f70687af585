import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { ManualClock } from '../core/testing/manual-clock.ts';
import { random } from '../core/testing/random.ts';
import { openMemoryLogEngine } from '../storage/log/memory/open-memory-log-engine.ts';
import { auth, startIngest } from './testing/ingest-rig.ts';

const seed = 20_261_120;
const paths = 'identify track page screen group alias batch import t b'.split(' ');
const hostile = [
  '{}',
  '[]',
  'null',
  '1e999',
  '-0',
  '"\\ud800"',
  '{"__proto__":{"toString":1}}',
  '{"length":-1}',
  '{"userId":{"toString":null}}',
  '{"type":"constructor"}',
  '{"type":["track"]}',
  '"\\u0000"',
  '{"batch":{"length":3}}',
  '{"batch":[[]]}',
  `${'['.repeat(3_000)}${']'.repeat(3_000)}`,
  '{"context":{"device":null,"consent":{"version":[]}}}',
  '{"hasOwnProperty":1,"valueOf":2}',
] as const;

test(`no mutated body is ever answered 5xx, and its good neighbours are kept (seed ${seed})`, async (context) => {
  const dice = random(seed);
  const rig = await startIngest(context, await openMemoryLogEngine({ clock: new ManualClock() }));
  const template = JSON.stringify({
    ...{ type: 'track', userId: 'u', anonymousId: 'a', event: 'É', name: 'n', groupId: 'g' },
    ...{ previousId: 'p', properties: { a: [1, { b: 'c' }] }, traits: {}, messageId: 'm' },
    ...{ context: { device: { advertisingId: 'x' }, consent: { version: 1 } }, integrations: {} },
  });
  const mutate = (text: string): Buffer => {
    const bytes = Buffer.from(text);
    for (let count = dice.between(1, 4); count > 0; count--) {
      bytes[dice.between(0, bytes.length - 1)] = dice.between(0, 255);
    }
    return dice.chance(0.2) ? bytes.subarray(0, dice.between(0, bytes.length)) : bytes;
  };
  const replaced = (): string => {
    const values = Array.from(template.matchAll(/:("[^"]*"|\d|\{\})/g));
    const { index, 0: whole } = dice.pick(values);
    return `${template.slice(0, index)}:${dice.pick(hostile)}${template.slice(index + whole.length)}`;
  };
  for (let round = 0; round < 1_500; round++) {
    const text = dice.chance(0.5) ? replaced() : template;
    const wrapped = dice.chance(0.5) ? `{"batch":[${text},${dice.pick(hostile)}]}` : text;
    const raw = dice.chance(0.5) ? mutate(wrapped) : Buffer.from(wrapped);
    const body = dice.chance(0.1) ? mutatedGzip(raw) : raw;
    const path = `/v1/${dice.pick(paths)}`;
    const answer = await rig.send({ path, headers: auth, body });
    assert.ok([200, 400].includes(answer.status), `${answer.status} ${path} ${body}`);
    assert.equal(typeof answer.json['success'], 'boolean');
  }
  for (let round = 0; round < 300; round++) {
    const neighbours = [
      `{"type":"page","userId":"good-${round}"}`,
      dice.chance(0.5) ? replaced() : dice.pick(hostile),
    ];
    if (dice.chance(0.5)) neighbours.reverse();
    const answer = await rig.send({
      path: '/v1/batch',
      headers: auth,
      body: `{"batch":[${neighbours}]}`,
    });
    assert.equal(answer.status, 200, String(neighbours));
    const record = (await rig.stored()).at(-1);
    const { batch } = JSON.parse(record?.text ?? '');
    const refused = new Set(record?.meta.refused?.map(([index]) => index));
    const kept = batch.filter((_: unknown, index: number) => !refused.has(index));
    assert.ok(kept.some(({ userId }: { userId: string }) => userId === `good-${round}`));
  }

  function mutatedGzip(raw: Buffer): Buffer {
    const packed = dice.chance(0.5) ? gzipSync(raw) : deflateSync(raw);
    if (dice.chance(0.5)) packed[dice.between(0, packed.length - 1)] = dice.between(0, 255);
    return packed;
  }
});
