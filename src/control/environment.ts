import type { Kysely } from 'kysely';
import type { Clock } from '../core/clock.ts';
import type { DestinationProbe } from '../core/destination-probe.ts';
import type { LogEngine } from '../core/event-log.ts';
import type { Functions } from '../core/functions.ts';
import type { JsonObject } from '../core/json.ts';
import type { Logger } from '../core/logger.ts';
import type { Redeliver } from '../core/redelivery.ts';
import type { SecretBox } from '../core/secret-box.ts';
import type { StateStore } from '../core/state.ts';
import type { ControlTables } from '../core/tables/control-tables.ts';
import type { WorkTables } from '../core/tables/work-tables.ts';
import type { WarehouseTest } from '../core/warehouse.ts';
import type { AskWarehouse } from '../core/warehouse-engine.ts';
import type { AnswerStyle } from './access/principal.ts';
import type { Catalog } from './catalog/catalog.ts';
import type { RandomBytes } from './ids.ts';
import type { Tail } from './tail/tail.ts';

/** What operations work with; made once when the control plane starts. */
export interface Environment {
  readonly db: Kysely<ControlTables>;
  /** Cursors and parked events, read only; undefined until the worker has made the database. */
  work(): StateStore<WorkTables> | undefined;
  readonly workspace: { readonly id: string; readonly slug: string; readonly name: string };
  readonly catalog: Catalog;
  readonly logs: LogEngine;
  readonly tail: Tail;
  /** Region that new sources are marked with; null where the deployment was given none. */
  readonly region: string | null;
  /** Seals the secrets of settings for the tables. */
  readonly secrets: SecretBox;
  /** Hands discards back to ingest. Undefined: this server does not. */
  readonly redeliver?: Redeliver | undefined;
  /** Runs code that is tried; undefined: this server runs none. */
  readonly functions?: Pick<Functions, 'invoke'> | undefined;
  /** Undefined: no vendor is asked. */
  readonly probe?: DestinationProbe | undefined;
  /** Undefined: this server reaches no warehouse, and says so of each. */
  readonly testWarehouse?: WarehouseTest | undefined;
  /** How often a warehouse of a kind is loaded without a schedule, ms; undefined: there is no engine for it. */
  readonly syncEveryMs?:
    | ((warehouse: { readonly slug: string; readonly settings: JsonObject }) => number | undefined)
    | undefined;
  /** Undefined: nothing loads warehouses at this node, and none is asked. */
  readonly askWarehouse?: AskWarehouse | undefined;
  /** How answers are worded where the token says nothing. */
  readonly answers: AnswerStyle;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly logger: Logger;
}
