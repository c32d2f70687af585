import type { ColumnType } from 'kysely';

/** Tables of what shapes events on their way: plans, filters, transformations and functions. */
export interface ShapingTables {
  tracking_plan: TrackingPlanTable;
  tracking_plan_rule: TrackingPlanRuleTable;
  tracking_plan_source: TrackingPlanSourceTable;
  destination_filter: DestinationFilterTable;
  transformation: TransformationTable;
  user_function: FunctionTable;
  function_version: FunctionVersionTable;
  function_instance: FunctionInstanceTable;
}

/** Set when the row is made, never changed. */
type Fixed<T> = ColumnType<T, T, never>;

export interface TrackingPlanTable {
  id: Fixed<string>;
  workspace_id: Fixed<string>;
  position: Fixed<number>;
  slug: string;
  name: string;
  description: string | null;
  /** `LIVE`, … (spec public-api §6). */
  type: Fixed<string>;
  created_at: Fixed<number>;
  updated_at: number;
}

/** Known by type, key and version in its plan. */
export interface TrackingPlanRuleTable {
  tracking_plan_id: Fixed<string>;
  position: Fixed<number>;
  type: Fixed<string>;
  /** Name of the event; '' is none. */
  key: string;
  version: Fixed<number>;
  json_schema: string;
  created_at: Fixed<number>;
  updated_at: number;
}

/** The one plan of a source. */
interface TrackingPlanSourceTable {
  source_id: Fixed<string>;
  tracking_plan_id: Fixed<string>;
  position: Fixed<number>;
}

export interface DestinationFilterTable {
  id: Fixed<string>;
  destination_id: Fixed<string>;
  position: Fixed<number>;
  title: string;
  description: string | null;
  /** FQL, or `all`. */
  condition: string;
  /** A list of `FilterAction` of core/filters. */
  actions: string;
  enabled: number;
  created_at: Fixed<number>;
  updated_at: number;
}

export interface TransformationTable {
  id: Fixed<string>;
  workspace_id: Fixed<string>;
  position: Fixed<number>;
  source_id: string;
  /** Id of a kind of destination: all of that kind at the source. '' is the source itself. */
  destination_metadata_id: string;
  name: string;
  enabled: number;
  /** FQL, or `all`. */
  condition: string;
  /** What it matches in one form: there is one for each of a source and kind of destination. */
  matches: string;
  /** What it does: `TransformationWork`. */
  work: string;
  created_at: Fixed<number>;
  updated_at: number;
}

export interface FunctionTable {
  /** With the prefix of its type, e.g. `sfnc_`. */
  id: Fixed<string>;
  workspace_id: Fixed<string>;
  position: Fixed<number>;
  /** `SOURCE`, `DESTINATION`, … (spec public-api §6). */
  resource_type: Fixed<string>;
  display_name: string;
  description: string | null;
  logo_url: string | null;
  /** A list of the settings it declares. */
  settings: string;
  created_by: Fixed<string>;
  created_at: Fixed<number>;
  updated_at: number;
}

/** Code as it was saved; the last one is that of the function. Never changed, and at most one is deployed. */
export interface FunctionVersionTable {
  id: Fixed<string>;
  function_id: Fixed<string>;
  position: Fixed<number>;
  author: Fixed<string>;
  code: Fixed<string>;
  /** 1: it is the one that runs. */
  deployed: number;
  /** When it last was deployed; null is never. */
  deployed_at: number | null;
  created_at: Fixed<number>;
  updated_at: number;
}

/** An insert function in front of a source or destination. */
export interface FunctionInstanceTable {
  id: Fixed<string>;
  function_id: Fixed<string>;
  position: Fixed<number>;
  /** One of the two. */
  source_id: Fixed<string | null>;
  destination_id: Fixed<string | null>;
  name: string;
  enabled: number;
  /** What was set; sensitive ones sealed. */
  settings: string;
  created_at: Fixed<number>;
  updated_at: number;
}
