import type {
  BatchedEvent,
  DeliveryResult,
  DestinationDefinition,
  Lane,
} from '../../../core/destination.ts';
import { TributaryError } from '../../../core/errors.ts';
import type { Event } from '../../../core/event.ts';
import type { JsonObject } from '../../../core/json.ts';
import { silentLogger } from '../../../core/logger.ts';
import type { ReverseEtlConfig, Snapshot } from '../../../core/snapshot.ts';
import type { StateStore } from '../../../core/state.ts';
import type { WorkTables } from '../../../core/tables/work-tables.ts';
import { ManualClock } from '../../../core/testing/manual-clock.ts';
import type { WarehouseQuery } from '../../../core/warehouse-query.ts';
import { type FreshStores, freshStores } from '../../../storage/testing/fresh-stores.ts';
import type { Run } from '../run-store.ts';
import { type ReverseEtl, startReverseEtl } from '../start-reverse-etl.ts';

export type Answering = (event: Event) => DeliveryResult;

/** Reverse ETL on a real state store, a query that the test answers, and a destination whose answers it gives. */
export class ReverseEtlRig {
  readonly clock = new ManualClock();
  /** What the model's query finds; an error breaks it off after the rows before it. */
  rows: (JsonObject | Error)[] = [];
  queries: string[] = [];
  readonly sent: Event[] = [];
  batches = 0;
  /** True: the destination takes batches. */
  takesBatches = false;
  answering: Answering = () => ({ kind: 'delivered' });
  /** Of the subscription's trigger. */
  refuses: (event: Event) => boolean = () => false;
  /** While set, the query waits for it before its next page. */
  gate: Promise<void> | undefined;
  pageRows = 0;
  readonly #stores: FreshStores = freshStores();
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  #store: StateStore<WorkTables> | undefined;
  #running: ReverseEtl | undefined;
  #ids = 0;
  snapshot: Snapshot = {
    version: 1,
    workspace: { id: 'w', slug: 'w', name: 'W' },
    sources: [],
    replays: [],
    connections: [
      {
        ...{ id: 'dest', sourceId: 'src', slug: 'rows', integration: 'Rows', enabled: true },
        ...{ since: 0, settings: {} },
      },
    ],
    warehouses: [{ id: 'wh', slug: 'memory', enabled: true, settings: {}, sources: [] }],
  };

  async start(): Promise<this> {
    this.#store = await this.#stores.openWork();
    const current = () => this.snapshot;
    this.#running = startReverseEtl({
      snapshot: {
        get current() {
          return current();
        },
        subscribe: (listener) => {
          this.#listeners.add(listener);
          return () => this.#listeners.delete(listener);
        },
      },
      store: this.#store,
      definitions: [this.#definition()],
      query: this.#query,
      http: { request: () => Promise.reject(new TypeError('The lane sends by itself')) },
      clock: this.clock,
      logger: silentLogger,
      newId: () => {
        this.#ids += 1;
        return `scheduled-${this.#ids}`;
      },
    });
    return this;
  }

  async stop(): Promise<void> {
    await this.#running?.stop();
    await this.#store?.close();
  }

  /** Swaps the model's subscription and lets it take hold. */
  async configure(more: Partial<ReverseEtlConfig> = {}): Promise<void> {
    const config: ReverseEtlConfig = {
      connectionId: 'dest',
      subscription: { id: 'sub', name: 'S', action: 'upsert', trigger: '', mapping: {} },
      enabled: true,
      model: { id: 'model', sourceId: 'src', query: 'select 1', identifierColumn: 'id' },
      warehouseId: 'wh',
      open: [],
      ...more,
    };
    await this.swap({ reverseEtl: [config] });
  }

  async swap(change: Partial<Snapshot>): Promise<void> {
    this.snapshot = { ...this.snapshot, ...change, version: this.snapshot.version + 1 };
    for (const listener of this.#listeners) listener(this.snapshot);
    await this.clock.advanceSettling(1_000);
  }

  /** Asks for a sync and lets it run to its end. */
  async sync(id: string, more: Partial<ReverseEtlConfig> = {}): Promise<Run | undefined> {
    await this.configure({ ...more, open: [id] });
    await this.clock.advanceSettling(60_000);
    const run = await this.run(id);
    await this.configure(more);
    return run;
  }

  async run(id: string): Promise<Run | undefined> {
    return await this.#store?.db
      .selectFrom('reverse_etl_run')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
  }

  async runs(): Promise<readonly Run[]> {
    const query = this.#store?.db.selectFrom('reverse_etl_run').selectAll().orderBy('started_at');
    return (await query?.execute()) ?? [];
  }

  /** What the destination is known to have: identifiers. */
  async known(): Promise<readonly string[]> {
    const query = this.#store?.db.selectFrom('reverse_etl_row').select('row_key');
    return ((await query?.orderBy('row_key').execute()) ?? []).map(({ row_key }) => row_key);
  }

  /** What was sent since the last time somebody asked: change and identifier. */
  changes(): string[] {
    return this.sent.splice(0).map((event) => `${event['event']} ${event['__segment_id']}`);
  }

  readonly #query: WarehouseQuery = (_warehouse, sql, options) => {
    this.queries.push(sql);
    return this.#pages(options);
  };

  async *#pages({
    pageRows,
    signal,
  }: Parameters<WarehouseQuery>[2]): AsyncGenerator<readonly JsonObject[]> {
    let page: JsonObject[] = [];
    for (const row of this.rows) {
      if (row instanceof Error) {
        yield page;
        throw new TributaryError('warehouse_failed', row.message);
      }
      page.push(row);
      if (page.length < (this.pageRows || pageRows)) continue;
      yield page;
      page = [];
      await this.gate;
      signal.throwIfAborted();
    }
    yield page;
  }

  #definition(): DestinationDefinition {
    const send = async (event: Event): Promise<DeliveryResult> => {
      this.sent.push(event);
      return this.answering(event);
    };
    const lane = (): Lane => ({
      id: 'rows',
      refuse: (event) => (this.refuses(event) ? 'no_matching_mapping' : undefined),
      send,
      batches: {
        groupOf: () => (this.takesBatches ? { key: 'all', mostEvents: 3 } : undefined),
        sendBatch: async (batch: readonly BatchedEvent[]) => {
          this.batches += 1;
          return await Promise.all(batch.map(({ event }) => send(event)));
        },
      },
    });
    return {
      ...{ id: '5f0000000000000000000009', slug: 'rows', name: 'Rows', description: 'For tests.' },
      ...{ website: 'https://example.com', categories: [], supports: ['track'], options: [] },
      lanes: () => ({ ok: true, lanes: [lane()] }),
    };
  }
}
