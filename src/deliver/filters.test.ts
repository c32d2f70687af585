import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FilterConfig } from '../core/filters/filter-config.ts';
import { connection, DeliverRig, type PlainEvent } from './testing/deliver-rig.ts';

const properties = { price: 3, email: 'a@b.c', products: [{ email: 'x', id: 1 }] };

async function start(filters: readonly FilterConfig[], random = () => 0.5): Promise<DeliverRig> {
  const rig = await new DeliverRig({ random }).start();
  await rig.configure({ connections: [connection({ filters })] });
  return rig;
}

async function send(rig: DeliverRig, ...events: readonly PlainEvent[]): Promise<void> {
  await rig.append(...events);
  rig.deliver.wake();
  await rig.clock.advance(1_000);
}

const bodies = (rig: DeliverRig) => rig.sent.map(({ body }) => JSON.parse(body));

test('what a filter drops is not sent, and is counted by its reason', async () => {
  const rig = await start([
    { if: "event = 'Noise'", actions: [{ type: 'DROP' }] },
    { if: 'userId > 1', actions: [{ type: 'DROP_PROPERTIES', fields: {} }] },
    { if: "event = 'Rare'", actions: [{ type: 'SAMPLE', percent: 0.4 }] },
  ]);
  await send(
    rig,
    { id: 'kept', u: 'a' },
    { id: 'noise', u: 'b', more: { event: 'Noise' } },
    { id: 'rare', u: 'c', more: { event: 'Rare' } },
    { id: 'closed', u: 'd', more: { userId: 'y' } },
  );
  assert.deepEqual(rig.ids(), ['kept']);
  for (const code of ['filtered_by_rules', 'filtered_by_sampling', 'filter_failed']) {
    assert.equal(await rig.metric('tributary_deliver_filtered_total', { code }), 1, code);
  }
  await rig.stop();
});

test('what a filter takes away does not leave, also when it is sent again, and other destinations get all', async () => {
  const filters: FilterConfig[] = [
    {
      if: "type = 'track'",
      actions: [
        {
          type: 'DROP_PROPERTIES',
          fields: { properties: ['email'], 'properties.products': ['email'] },
        },
      ],
    },
  ];
  const rig = await new DeliverRig().start();
  const [one, other] = [connection({ filters }), connection({ id: 'other' })];
  await rig.configure({ connections: [one, other] });
  let failures = 1;
  rig.answering = () => (failures-- > 0 ? 503 : 200);
  await send(rig, { id: 'e', u: 'a', more: { properties } });
  await rig.clock.advance(60_000);
  assert.equal(rig.sent.length, 3);
  const shapes = new Set(bodies(rig).map((body) => JSON.stringify(body.properties)));
  assert.deepEqual(
    shapes,
    new Set(['{"price":3,"products":[{"id":1}]}', JSON.stringify(properties)]),
  );
  await rig.stop();
});

test('a filter that comes later lets what waits for a retry through, and takes the rest', async () => {
  const rig = await start([]);
  rig.answering = () => 503;
  await send(rig, { id: 'waiting', u: 'a' });
  rig.answering = () => 200;
  const filters: FilterConfig[] = [{ if: 'all', actions: [{ type: 'DROP' }] }];
  await rig.configure({ connections: [connection({ filters })] });
  await send(rig, { id: 'new', u: 'b' });
  await rig.clock.advance(600_000);
  assert.deepEqual([...new Set(rig.ids())], ['waiting']);
  await rig.stop();
});

test('an event is judged by its type and its integrations before the filters see it', async () => {
  const rig = await start([{ if: 'all', actions: [{ type: 'DROP' }] }]);
  await send(rig, { id: 'e', u: 'a', more: { integrations: { All: false } } });
  const counted = { code: 'filtered_by_integrations_object' };
  assert.equal(await rig.metric('tributary_deliver_filtered_total', counted), 1);
  await rig.stop();
});

test('a replay passes the filters too', async () => {
  const filters: FilterConfig[] = [{ if: "event = 'E'", actions: [{ type: 'DROP' }] }];
  const rig = await start(filters);
  await send(rig, { id: 'e', u: 'a' });
  const replay = { id: 'again', connectionId: 'dest', from: 0, to: rig.clock.now() + 1 };
  await rig.configure({ replays: [replay] });
  await rig.clock.advance(1_000);
  assert.deepEqual(rig.ids(), []);
  await rig.stop();
});
