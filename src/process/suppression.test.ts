import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventIds, Suppressions } from '../core/suppressions.ts';
import { createMemoryKeySet } from '../storage/keys/memory-key-set.ts';
import { openMemoryLogEngine } from '../storage/log/memory/open-memory-log-engine.ts';
import { discardsOf, idsOf, StillClock, startRig } from './testing/process-rig.ts';

/** Those given, from the next batch on. */
class Suppressed implements Suppressions {
  readonly wanted = new Set<string>();
  #known = new Set<string>();

  get isEmpty(): boolean {
    return this.#known.size === 0;
  }

  refresh(): Promise<void> | undefined {
    if (this.wanted.size === this.#known.size) return undefined;
    this.#known = new Set(this.wanted);
    return Promise.resolve();
  }

  has(source: string, { userId, anonymousId, previousId }: EventIds): boolean {
    return [userId, anonymousId, previousId].some((id) => this.#known.has(`${source} ${id}`));
  }
}

test('events of a suppressed user are counted and leave nothing, neither event nor discard', async () => {
  const clock = new StillClock();
  const engine = await openMemoryLogEngine({ clock });
  const suppressions = new Suppressed();
  const openKeys = async () => createMemoryKeySet();
  const rig = await startRig({ engine, openKeys, clock, suppressions });
  const batch = (prefix: string) => ({
    batch: [
      { type: 'identify', userId: 'gone', messageId: `${prefix}1` },
      { type: 'identify', userId: 'here', messageId: `${prefix}2` },
      { type: 'identify', anonymousId: 'gone', messageId: `${prefix}3` },
      { type: 'alias', userId: 'here', previousId: 'gone', messageId: `${prefix}4` },
      { type: 'no such', userId: 'gone', messageId: `${prefix}5` },
      { type: 'track', userId: 'gone', messageId: `${prefix}6` },
      { type: 'track', userId: 'here', messageId: `${prefix}7` },
    ],
  });
  const refused = [
    [5, 'event_not_defined', 'event'],
    [6, 'event_not_defined', 'event'],
  ] as const;
  await rig.send(batch('a'), { refused });
  await rig.caughtUp();
  assert.deepEqual(await idsOf(engine), ['a1', 'a2', 'a3', 'a4']);

  suppressions.wanted.add('src_1 gone');
  await rig.send(batch('b'), { refused });
  await rig.send(batch('c'), { refused }, 'src_2');
  await rig.caughtUp();
  const all = ['a1', 'a2', 'a3', 'a4', 'b2', 'c1', 'c2', 'c3', 'c4'];
  assert.deepEqual(await idsOf(engine), all);
  const discards = await discardsOf(engine);
  assert.deepEqual(
    discards.map(({ messageId }) => messageId),
    ['a5', 'a6', 'a7', 'b7', 'c5', 'c6', 'c7'],
  );
  const metrics = await rig.registry.metrics();
  assert.match(metrics, /tributary_discards_total\{[^}]*code="user_suppressed"[^}]*\} 5/);
  await rig.stop();
});
