import type {
  LoadedRows,
  LoadUnit,
  SchemaChanges,
  TableBatch,
  Warehouse,
  WarehouseDialect,
} from '../../core/warehouse-engine.ts';
import { Identifiers } from '../naming/identifiers.ts';
import { type Selection, selectionOf, withinCollection } from '../selection.ts';
import { Misfits } from '../tables/misfits.ts';
import { SourceTables } from '../tables/source-tables.ts';
import type { Loadable } from './record-reader.ts';
import type { SyncJob } from './sync-job.ts';

/** Rows and changes of all sources of a unit. */
export interface UnitContent extends Pick<LoadUnit, 'schemas' | 'changes' | 'tables'> {
  /** The source of each of the tables. */
  readonly owners: readonly string[];
}

export interface UnitMakerOptions {
  readonly warehouse: Warehouse;
  readonly dialect: WarehouseDialect;
  readonly job: Pick<SyncJob, 'warehouse' | 'slugs' | 'backfill'>;
}

/** Makes units out of events of several sources, for one sync. */
export class UnitMaker {
  readonly misfits = new Misfits();
  readonly #options: UnitMakerOptions;
  readonly #identifiers: Identifiers;
  readonly #selections: ReadonlyMap<string, Selection>;
  /** Of the warehouse, and those that come with the next unit. */
  readonly #schemas: Map<string, string>;
  #newSchemas: { readonly sourceId: string; readonly schema: string }[] = [];
  /** By schema: sources that share one share its tables. */
  readonly #tables = new Map<string, { readonly owner: string; readonly tables: SourceTables }>();
  readonly #ofSource = new Map<string, SourceTables>();

  static async open(options: UnitMakerOptions): Promise<UnitMaker> {
    return new UnitMaker(options, await options.warehouse.schemas());
  }

  private constructor(options: UnitMakerOptions, schemas: ReadonlyMap<string, string>) {
    this.#options = options;
    this.#identifiers = new Identifiers(options.dialect);
    this.#schemas = new Map(schemas);
    this.#selections = new Map(
      options.job.warehouse.sources.map(({ sourceId, overrides }) => [
        sourceId,
        selectionOf(overrides),
      ]),
    );
  }

  /** The tables of the source are read when its first event comes. */
  async prepare(sourceId: string): Promise<void> {
    if (this.#ofSource.has(sourceId)) return;
    const { warehouse, dialect } = this.#options;
    const schema = this.#schemaOf(sourceId);
    let shared = this.#tables.get(schema);
    if (shared === undefined) {
      const shapes = await warehouse.tables(schema);
      const selection = this.#selectionOf(sourceId);
      const { misfits } = this;
      const tables = new SourceTables({ schema, dialect, shapes, misfits, selection });
      shared = { owner: sourceId, tables };
      this.#tables.set(schema, shared);
    }
    this.#ofSource.set(sourceId, shared.tables);
  }

  isPrepared(sourceId: string): boolean {
    return this.#ofSource.has(sourceId);
  }

  /** Of a source that is prepared. `now`: the moment of the load, ISO 8601. */
  add(sourceId: string, { event, object }: Loadable, now: string): void {
    const tables = this.#ofSource.get(sourceId);
    if (event === undefined) tables?.addObject(object);
    else tables?.addEvent(event, now);
  }

  /** Tables that have rows for the next unit. */
  get touched(): number {
    let count = 0;
    for (const { tables } of this.#tables.values()) count += tables.touched;
    return count;
  }

  /** What came since the last unit. */
  async take(now: string): Promise<UnitContent> {
    const { warehouse } = this.#options;
    const changes: SchemaChanges[] = [];
    const tables: TableBatch[] = [];
    const owners: string[] = [];
    for (const { owner, tables: ofSchema } of this.#tables.values()) {
      const unit = await ofSchema.take(warehouse, now);
      changes.push(unit.changes);
      tables.push(...unit.tables);
      for (const _ of unit.tables) owners.push(owner);
    }
    const schemas = this.#newSchemas;
    this.#newSchemas = [];
    return {
      schemas,
      tables,
      owners,
      changes: {
        create: changes.flatMap(({ create }) => create),
        add: changes.flatMap(({ add }) => add),
        widen: changes.flatMap(({ widen }) => widen),
      },
    };
  }

  #selectionOf(sourceId: string): Selection {
    const selection = this.#selections.get(sourceId) ?? selectionOf();
    const collection = this.#options.job.backfill?.collection;
    return collection === undefined ? selection : withinCollection(selection, collection);
  }

  /** Given once and kept: a source whose slug changes stays where it is. */
  #schemaOf(sourceId: string): string {
    const { settings } = this.#options.job.warehouse;
    const common = settings['schema'];
    if (typeof common === 'string' && common !== '') return this.#identifiers.schema(common);
    const known = this.#schemas.get(sourceId);
    if (known !== undefined) return known;
    const name = this.#identifiers.schema(this.#options.job.slugs[sourceId] ?? sourceId);
    const taken = new Set(this.#schemas.values());
    let schema = name;
    for (let number = 2; taken.has(schema); number++) schema = `${name}_${number}`;
    this.#schemas.set(sourceId, schema);
    this.#newSchemas.push({ sourceId, schema });
    return schema;
  }
}

/** Rows by source. */
export function countRows(
  counts: Map<string, number>,
  owners: readonly string[],
  loaded: readonly LoadedRows[],
): void {
  for (const [index, { rows }] of loaded.entries()) {
    const owner = owners[index] ?? '';
    if (rows > 0) counts.set(owner, (counts.get(owner) ?? 0) + rows);
  }
}
