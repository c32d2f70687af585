import type { ColumnType } from 'kysely';

type Fixed<T> = ColumnType<T, T, never>;

/** Tables of the `state` database about what belongs to a space; conventions as in control-tables.ts. */
export interface SpaceTables {
  audience: AudienceTable;
  audience_schedule: AudienceScheduleTable;
  audience_destination: AudienceDestinationTable;
  computed_trait: ComputedTraitTable;
  space_filter: SpaceFilterTable;
  profiles_warehouse: ProfilesWarehouseTable;
  profiles_sync_override: ProfilesSyncOverrideTable;
}

/** What is computed of the profiles of a space by a query. */
export interface ComputedTraitTable {
  id: Fixed<string>;
  space_id: Fixed<string>;
  position: Fixed<number>;
  name: string;
  /** Made of the first name; unique in the space. */
  key: Fixed<string>;
  description: string | null;
  enabled: number;
  /** `USERS` or `ACCOUNTS`; of an audience also `LINKED`. */
  type: string;
  query: string;
  /** As they were given. */
  options: string;
  /** Email of the user, else the actor of the audit trail. */
  created_by: Fixed<string>;
  updated_by: string;
  created_at: Fixed<number>;
  updated_at: number;
}

export interface AudienceTable extends ComputedTraitTable {
  /** Slug of the entity of a linked audience. */
  target_entity: string | null;
}

export interface AudienceScheduleTable {
  id: Fixed<string>;
  audience_id: Fixed<string>;
  position: Fixed<number>;
  /** `PERIODIC` or `SPECIFIC_DAYS`. */
  strategy: string;
  config: string;
}

/** An audience that is connected to a destination: once at most. */
export interface AudienceDestinationTable {
  id: Fixed<string>;
  audience_id: Fixed<string>;
  destination_id: Fixed<string>;
  position: Fixed<number>;
  /** What it is at the vendor; null where the code of the destination makes none. */
  external_id: string | null;
  /** The kind's `audience.fields`, an object. */
  settings: string;
  /** A list of `{externalId, strategy, mapTo?}`, as it was given. */
  id_sync: string;
  created_at: Fixed<number>;
  updated_at: number;
}

/** What becomes of events of a space that meet a condition. */
export interface SpaceFilterTable {
  id: Fixed<string>;
  space_id: Fixed<string>;
  position: Fixed<number>;
  name: string;
  description: string | null;
  enabled: number;
  /** FQL. */
  condition: string;
  /** 1: they are dropped. */
  drops: number;
  created_at: Fixed<number>;
  updated_at: number;
}

/** A warehouse that the profiles of a space are loaded into. */
export interface ProfilesWarehouseTable {
  id: Fixed<string>;
  space_id: Fixed<string>;
  position: Fixed<number>;
  /** Id in the catalogue of warehouses. */
  metadata_id: Fixed<string>;
  name: string | null;
  enabled: number;
  /** What was set, secrets sealed. */
  settings: string;
  /** Null: the default. */
  schema_name: string | null;
  /** 1: events have tables of their own. */
  event_tables: number;
  created_at: Fixed<number>;
}

/** What of the profiles is loaded, where it is not what holds by default. */
export interface ProfilesSyncOverrideTable {
  warehouse_id: Fixed<string>;
  collection: Fixed<string>;
  /** '' is the collection as a whole. */
  property: Fixed<string>;
  enabled: number;
}
