import type { ArchiveReader } from '../../core/archive.ts';
import type { Clock } from '../../core/clock.ts';
import type { DestinationDefinition } from '../../core/destination.ts';
import { TributaryError } from '../../core/errors.ts';
import type { EventType } from '../../core/event.ts';
import type { LogReader, LogRecord, LogWriter, Offset } from '../../core/event-log.ts';
import type { Functions } from '../../core/functions.ts';
import type { Http, HttpAnswer, HttpFailure, HttpRequest } from '../../core/http.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Lease } from '../../core/lease.ts';
import { type Logger, silentLogger } from '../../core/logger.ts';
import { Registry } from '../../core/prometheus.ts';
import { type EventMeta, recordKinds } from '../../core/records.ts';
import type { LaneName } from '../../core/redelivery.ts';
import type { ConnectionConfig, Snapshot, SnapshotHolder } from '../../core/snapshot.ts';
import type { StateStore } from '../../core/state.ts';
import { noSuppressions, type Suppressions } from '../../core/suppressions.ts';
import type { WorkTables } from '../../core/tables/work-tables.ts';
import type { DeliverUsage } from '../../core/usage/usage.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import { freshStores } from '../../storage/testing/fresh-stores.ts';
import type { LaneLimits } from '../lane/lane-deps.ts';
import { type Deliver, startDeliver } from '../start-deliver.ts';
import { FakeClock } from './fake-clock.ts';
import { postDestination } from './post-destination.ts';

/** What a scripted far end says to a request; a promise to say it later. */
export type Answering = (request: HttpRequest) => Reply | Promise<Reply>;
export type Reply = number | HttpAnswer | HttpFailure;

export interface RigOptions {
  readonly inputRepeats?: boolean;
  readonly definitions?: readonly DestinationDefinition[];
  readonly functions?: Functions;
  readonly laneLimits?: Partial<LaneLimits>;
  readonly random?: () => number;
  readonly logger?: Logger;
  readonly suppressions?: Suppressions;
  readonly archive?: ArchiveReader;
  /** Counts what it does. */
  openUsage?(deps: {
    readonly partition: number;
    readonly store: StateStore<WorkTables>;
    readonly lease: Lease;
    readonly clock: Clock;
  }): Promise<DeliverUsage>;
}

export interface PlainEvent {
  readonly id: string;
  readonly u?: string;
  readonly a?: string;
  readonly p?: string;
  readonly source?: string;
  readonly type?: EventType;
  /** receivedAt, default now. */
  readonly t?: number;
  /** Came by a test key. */
  readonly test?: true;
  /** Sent again, for this lane alone. */
  readonly lane?: LaneName;
  readonly more?: object;
}

/** Deliver on memory logs, a real state store, a scripted far end and a clock that the test moves. */
export class DeliverRig {
  clock = new FakeClock();
  readonly sent: { url: string; id: string; at: number; body: string }[] = [];
  readonly #options: RigOptions;
  readonly #stores = freshStores();
  readonly #engine;
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  answering: Answering = () => 200;
  /** Connections that are said to be gone. */
  readonly gone: string[] = [];
  watched = new Set<string>();
  /** True: the log `results` takes nothing. */
  resultsFail = false;
  /** True: the log `events` cannot be read. */
  readsFail = false;
  /** Reads of `events` so far. */
  reads = 0;
  registry = new Registry();
  snapshot: Snapshot = {
    version: 1,
    workspace: { id: 'w', slug: 'w', name: 'W' },
    sources: [],
    connections: [],
    replays: [],
  };
  #events: LogWriter | undefined;
  #results: LogWriter | undefined;
  #resultsReader: LogReader | undefined;
  #store: StateStore<WorkTables> | undefined;
  #deliver: Deliver | undefined;
  #input = 0;
  /** The input that `events` covers. */
  #mark = 0;
  /** Of this life: a crash ends it, and what it still does reaches nobody. */
  #life = { dead: false };

  constructor(options: RigOptions = {}) {
    this.#options = options;
    this.#engine = openMemoryLogEngine({ clock: { now: () => this.clock.now() } });
  }

  get deliver(): Deliver {
    if (this.#deliver === undefined) assertStarted();
    return this.#deliver;
  }

  get store(): StateStore<WorkTables> {
    if (this.#store === undefined) assertStarted();
    return this.#store;
  }

  /** Starts, or starts again over the same logs and database. */
  async start(): Promise<this> {
    const engine = await this.#engine;
    this.#events ??= (await engine.openWriter('events', 0)).writer;
    this.#results ??= (await engine.openWriter('results', 0)).writer;
    this.#resultsReader ??= await engine.openReader('results', 0);
    this.#store = await this.#stores.openWork();
    this.registry = new Registry();
    const holder = (): Snapshot => this.snapshot;
    const snapshot: SnapshotHolder = {
      get current() {
        return holder();
      },
      subscribe: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    };
    const lease = await this.#store.leases.take('partition/0');
    const counted = { partition: 0, store: this.#store, lease, clock: this.clock };
    this.#deliver = await startDeliver({
      partition: 0,
      lease,
      usage: await this.#options.openUsage?.(counted),
      events: async () => this.#counting(await engine.openReader('events', 0)),
      results: this.#livingResults(this.#results),
      store: this.#store,
      snapshot,
      suppressions: this.#options.suppressions ?? noSuppressions,
      definitions: this.#options.definitions ?? [postDestination],
      functions: this.#options.functions,
      archive: this.#options.archive,
      http: this.#http(),
      watched: () => this.watched,
      clock: this.clock,
      random: this.#options.random ?? (() => 1),
      logger: this.#options.logger ?? silentLogger,
      registry: this.registry,
      inputRepeats: this.#options.inputRepeats ?? true,
      gone: async (id) => {
        this.gone.push(id);
      },
      ...(this.#options.laneLimits && { laneLimits: this.#options.laneLimits }),
    });
    return this;
  }

  async stop(): Promise<void> {
    await this.deliver.stop();
    await this.store.close();
  }

  /** The process dies: nothing it has in memory survives, nothing it still does has an effect. */
  async crash(): Promise<void> {
    this.#life.dead = true;
    this.#life = { dead: false };
    this.#listeners.clear();
    await this.store.close();
    this.clock = new FakeClock(this.clock.now());
  }

  /** Appends events as one commit; returns the offset of the first. */
  async append(...events: readonly PlainEvent[]): Promise<Offset> {
    const writer = this.#events;
    if (writer === undefined) assertStarted();
    this.#input += 1;
    this.#mark = Math.max(this.#mark, this.#input + 1);
    return await writer.append(
      events.map(({ id, u, a, p, source = 'src', type = 'track', t, test, lane, more }, n) => {
        const meta: EventMeta = {
          i: this.#input,
          n,
          t: t ?? this.clock.now(),
          type,
          id,
          ...(u !== undefined && { u }),
          ...(a !== undefined && { a }),
          ...(p !== undefined && { p }),
          ...(test !== undefined && { test }),
          ...(lane !== undefined && { lane }),
        };
        const body = { type, messageId: id, event: 'E', integrations: {}, ...more };
        return {
          kind: recordKinds.event,
          source,
          meta: JSON.stringify(meta),
          body: Buffer.from(JSON.stringify(body)),
        };
      }),
      { mark: this.#mark },
    );
  }

  /** The next append stands for the same request as the last one did. */
  repeatInput(): void {
    this.#input -= 1;
  }

  /** Swaps the snapshot and lets it take hold. */
  async configure(change: Partial<Snapshot>): Promise<void> {
    this.snapshot = { ...this.snapshot, ...change, version: this.snapshot.version + 1 };
    for (const listener of this.#listeners) listener(this.snapshot);
    await this.clock.advance(0);
  }

  /** What `results` holds: metas, with the record's kind and body. */
  async results(): Promise<{ kind: number; body: string; [field: string]: unknown }[]> {
    const read = await this.#resultsReader?.read(0, { maxBytes: 100_000_000 });
    return (read?.records ?? []).map((record) => ({
      ...JSON.parse(record.meta),
      kind: record.kind,
      body: record.body.toString(),
    }));
  }

  /** What `events` holds. */
  async records(): Promise<readonly LogRecord[]> {
    const reader = await (await this.#engine).openReader('events', 0);
    return (await reader.read(0, { maxBytes: 100_000_000 })).records;
  }

  async trimEvents(before: Offset): Promise<Offset> {
    return await (await this.#engine).trim('events', 0, before);
  }

  /** The lanes' states by the name of their target. */
  lane(name = 'httphook'): JsonObject {
    const { lanes } = this.deliver.state();
    const found = Array.isArray(lanes) && lanes.find(({ lane }) => lane === `dest/${name}`);
    return isJsonObject(found) ? found : {};
  }

  /** The sum of a metric, over the series whose labels fit. */
  async metric(name: string, labels: Record<string, string> = {}): Promise<number> {
    const metric = await this.registry.getSingleMetric(name)?.get();
    let sum = 0;
    for (const value of metric?.values ?? []) {
      const own = new Map(Object.entries(value.labels).map(([key, text]) => [key, String(text)]));
      if (Object.entries(labels).every(([key, text]) => own.get(key) === text)) sum += value.value;
    }
    return sum;
  }

  /** Ids in the order they reached `url` (or anyone). */
  ids(url?: string): string[] {
    return this.sent.filter((one) => url === undefined || one.url === url).map(({ id }) => id);
  }

  #counting(reader: LogReader): LogReader {
    const { read } = reader;
    reader.read = (from, options) => {
      this.reads += 1;
      if (this.readsFail) return Promise.reject(new TributaryError('log_unavailable', 'No disk'));
      return read.call(reader, from, options);
    };
    return reader;
  }

  #livingResults(log: LogWriter): LogWriter {
    const life = this.#life;
    return {
      append: (entries, options) => {
        if (life.dead) return never();
        if (!this.resultsFail) return log.append(entries, options);
        return Promise.reject(new TributaryError('log_unavailable', 'No room'));
      },
      end: log.end,
      mark: log.mark,
      close: () => log.close(),
    };
  }

  #http(): Http {
    const life = this.#life;
    return {
      request: async (request) => {
        if (life.dead) return never();
        const body = String(request.body);
        const id = String(JSON.parse(body).messageId);
        this.sent.push({ url: request.url, id, at: this.clock.now(), body });
        const reply = await this.answering(request);
        if (life.dead) return never();
        return typeof reply === 'number' ? { status: reply, headers: {}, body: '' } : reply;
      },
    };
  }
}

export function connection(more: Partial<ConnectionConfig> = {}): ConnectionConfig {
  return {
    id: 'dest',
    sourceId: 'src',
    slug: 'post',
    integration: 'Post',
    enabled: true,
    since: 0,
    settings: { hooks: ['http://hook/'] },
    ...more,
  };
}

function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}

function assertStarted(): never {
  throw new TypeError('The rig was not started');
}
