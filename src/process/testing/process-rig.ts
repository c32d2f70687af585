import assert from 'node:assert/strict';
import { type Clock, systemClock } from '../../core/clock.ts';
import type { LogEngine, LogRecord, LogWriter, Offset } from '../../core/event-log.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { KeySet } from '../../core/key-set.ts';
import { type Logger, silentLogger } from '../../core/logger.ts';
import { Registry } from '../../core/prometheus.ts';
import { type AcceptedMeta, type DiscardMeta, recordKinds } from '../../core/records.ts';
import type { Redeliver } from '../../core/redelivery.ts';
import type { Snapshot, SourceConfig } from '../../core/snapshot.ts';
import { noSuppressions, type Suppressions } from '../../core/suppressions.ts';
import { eventually } from '../../core/testing/eventually.ts';
import type { TrackingPlanConfig } from '../../core/tracking-plan.ts';
import type { ProcessUsage } from '../../core/usage/usage.ts';
import type { CountryTable } from '../policy/country-table.ts';
import type { Staging } from '../staging.ts';
import { type Process, startProcess } from '../start-process.ts';

const secret = Uint8Array.from({ length: 16 }, (_, n) => n);

export const received = Date.parse('2026-11-20T10:00:00.000Z');

const snapshot: Snapshot = {
  version: 1,
  workspace: { id: 'ws', slug: 'ws', name: 'ws' },
  sources: [],
  connections: [],
  replays: [],
};

/** Time that goes on when a test says so; sleeping ends at once. */
export class StillClock implements Clock {
  #now = received;

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  sleep(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  after(): () => void {
    return () => undefined;
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}

export interface Warning {
  readonly message: string;
  readonly fields: object;
}

export interface RigOptions {
  readonly engine: LogEngine;
  readonly openKeys: (committed: Offset) => Promise<KeySet>;
  readonly clock?: Clock;
  /** None without it. */
  readonly sources?: readonly SourceConfig[];
  readonly trackingPlans?: readonly TrackingPlanConfig[];
  /** What sources forward to others. */
  readonly forward?: Redeliver;
  readonly suppressions?: Suppressions;
  readonly usage?: ProcessUsage;
  /** Given the log `events`, which it writes to as well. */
  readonly staging?: (events: LogWriter) => Promise<Staging>;
  readonly loadCountries?: () => Promise<CountryTable>;
}

/** One process with its logs and its keys. `kill` lets go of everything as a killed process would. */
export interface Rig {
  readonly process: Process;
  readonly accepted: LogWriter;
  readonly output: LogWriter;
  readonly keys: KeySet;
  readonly registry: Registry;
  readonly warnings: readonly Warning[];
  /** Appends a request and resolves with its offset. */
  send(
    body: Json | string | Buffer,
    meta?: Partial<AcceptedMeta>,
    source?: string,
  ): Promise<Offset>;
  /** Resolves when everything sent is processed. */
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

export async function startRig(options: RigOptions): Promise<Rig> {
  const { engine, openKeys, clock = systemClock } = options;
  const { writer: output } = await engine.openWriter('events', 0);
  const { writer: accepted } = await engine.openWriter('accepted', 0, { floor: output.mark });
  const { writer: seen } = await engine.openWriter('seen', 0);
  const input = await engine.openReader('accepted', 0);
  const seenReader = await engine.openReader('seen', 0);
  const keys = await openKeys(output.mark);
  const registry = new Registry();
  const warnings: Warning[] = [];
  const note = (fields: object, message: string) => warnings.push({ message, fields });
  const logger: Logger = { ...silentLogger, warn: note, error: note };
  const staging = await options.staging?.(output);
  const process = startProcess({
    partition: 0,
    staging,
    input,
    output,
    seen: { writer: seen, reader: seenReader },
    keys,
    secret,
    snapshot: {
      current: {
        ...{ ...snapshot, sources: options.sources ?? [] },
        trackingPlans: options.trackingPlans ?? [],
      },
      subscribe: () => () => undefined,
    },
    suppressions: options.suppressions ?? noSuppressions,
    ...(options.forward && { forward: options.forward }),
    ...(options.usage && { usage: options.usage }),
    loadCountries: options.loadCountries ?? (() => assert.fail('no source asks for countries')),
    clock,
    logger,
    registry,
  });
  await process.ready;
  return {
    process,
    accepted,
    output,
    keys,
    registry,
    warnings,
    send: async (body, meta = {}, source = 'src_1') => {
      const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
      const call = isJsonObject(body) && 'batch' in body ? {} : { call: 'track' };
      return accepted.append([
        {
          kind: recordKinds.request,
          source,
          meta: JSON.stringify({ t: received, ...call, ...meta }),
          body: Buffer.from(text),
        },
      ]);
    },
    caughtUp: async () => {
      const isThrough = () => output.mark >= accepted.end;
      await eventually('process has read what is accepted', isThrough, { every: 1 });
    },
    stop: async () => {
      await process.stop();
      await keys.close();
      await Promise.all([input.close(), seenReader.close()]);
      await Promise.all([output.close(), accepted.close(), seen.close()]);
    },
  };
}

export async function readAll(engine: LogEngine): Promise<readonly LogRecord[]> {
  const reader = await engine.openReader('events', 0);
  const records: LogRecord[] = [];
  for (let from = 0; ; ) {
    const { records: some, next } = await reader.read(from);
    records.push(...some.map((record) => ({ ...record, body: Buffer.from(record.body) })));
    if (next === from) break;
    from = next;
  }
  await reader.close();
  return records;
}

/** The events written, parsed, in order. */
export async function eventsOf(engine: LogEngine): Promise<JsonObject[]> {
  const records = await readAll(engine);
  return records
    .filter(({ kind }) => kind === recordKinds.event)
    .map(({ body }) => {
      const event: unknown = JSON.parse(body.toString());
      assert(isJsonObject(event), 'an event is an object');
      return event;
    });
}

export async function idsOf(engine: LogEngine): Promise<unknown[]> {
  return (await eventsOf(engine)).map(({ messageId }) => messageId);
}

export interface WrittenDiscard extends DiscardMeta {
  readonly body: string;
}

export async function discardsOf(engine: LogEngine): Promise<WrittenDiscard[]> {
  const records = await readAll(engine);
  return records
    .filter(({ kind }) => kind === recordKinds.discard)
    .map(({ meta, body }) => ({ ...parseDiscard(meta), body: body.toString() }));
}

function parseDiscard(text: string): DiscardMeta {
  return JSON.parse(text) as DiscardMeta;
}
