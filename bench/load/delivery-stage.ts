import { join } from 'node:path';
import { systemClock } from '../../src/core/clock.ts';
import type { DestinationDefinition } from '../../src/core/destination.ts';
import { briefOf } from '../../src/core/event-brief.ts';
import { isJsonObject } from '../../src/core/json.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { Registry } from '../../src/core/prometheus.ts';
import { type EventMeta, recordKinds } from '../../src/core/records.ts';
import type { ConnectionConfig, Snapshot } from '../../src/core/snapshot.ts';
import { noSuppressions } from '../../src/core/suppressions.ts';
import { createHttp } from '../../src/deliver/http/create-http.ts';
import { startDeliver } from '../../src/deliver/start-deliver.ts';
import { openMemoryLogEngine } from '../../src/storage/log/memory/open-memory-log-engine.ts';
import { stateStores } from '../../src/storage/open-state.ts';
import { openDeliverUsage } from '../../src/usage/deliver-usage.ts';
import { eventually } from '../../test/rig/eventually.ts';
import { corpus } from './corpus.ts';

/** Deliver alone, in this process: a log that holds `count` events, and destinations that each get them all once. */
export interface DeliveryStage {
  readonly texts: readonly string[];
  /** Delivers all events with such a connection; microseconds of CPU an event. */
  deliver(
    connection: Pick<ConnectionConfig, 'slug' | 'settings'> & Partial<ConnectionConfig>,
  ): Promise<number>;
  close(): Promise<void>;
}

export async function openDeliveryStage(
  folder: string,
  count: number,
  definitions: readonly DestinationDefinition[],
): Promise<DeliveryStage> {
  const clock = systemClock;
  const texts = corpus(2, count).map(({ call, text }, n) =>
    JSON.stringify({ ...JSON.parse(text), type: call, messageId: `m${n}`, integrations: {} }),
  );
  const engine = await openMemoryLogEngine({ clock });
  const store = await stateStores(`sqlite:${join(folder, 'stage')}`).openWork();
  const lease = await store.leases.take('bench');
  const { writer } = await engine.openWriter('events', 0);
  const { writer: results } = await engine.openWriter('results', 0);
  const http = createHttp({ allowPrivateTargets: true, clock });
  await writer.append(texts.map(entryOf), { mark: count + 1 });
  let runs = 0;

  return {
    texts,
    deliver: async (given) => {
      runs += 1;
      const id = `run${runs}`;
      const connection = {
        ...{ id, sourceId: 'src', integration: 'X', enabled: true, since: 0 },
        ...given,
      };
      const current: Snapshot = {
        version: 1,
        workspace: { id: 'w', slug: 'w', name: 'W' },
        sources: [],
        connections: [connection],
        replays: [],
      };
      const begun = process.cpuUsage();
      const deliver = await startDeliver({
        ...{ partition: 0, results, store, definitions, http, lease, clock },
        events: () => engine.openReader('events', 0),
        usage: await openDeliverUsage({ partition: 0, store, lease, clock }),
        snapshot: { current, subscribe: () => () => undefined },
        suppressions: noSuppressions,
        watched: () => new Set(),
        random: Math.random,
        logger: silentLogger,
        registry: new Registry(),
      });
      const settled = () => {
        const { lanes } = deliver.state();
        const [lane] = Array.isArray(lanes) ? lanes : [];
        if (!isJsonObject(lane)) return false;
        return Number(lane['delivered']) + Number(lane['filtered']) >= count;
      };
      await eventually(`${count} events are delivered`, settled, { within: 120_000, every: 5 });
      const { user, system } = process.cpuUsage(begun);
      await deliver.stop();
      return (user + system) / count;
    },
    close: async () => {
      await lease.release();
      await http.close();
      await store.close();
    },
  };
}

function entryOf(text: string, n: number) {
  const event = JSON.parse(text);
  const { type, messageId, userId, anonymousId, previousId } = event;
  const meta: EventMeta = {
    ...{ i: n + 1, n: 0, t: Date.now(), type, id: messageId },
    ...(userId && { u: userId }),
    ...(anonymousId && { a: anonymousId }),
    ...(previousId && { p: previousId }),
    k: briefOf(type, event),
  };
  const body = Buffer.from(text);
  return { kind: recordKinds.event, source: 'src', meta: JSON.stringify(meta), body };
}
