import type { ColumnType } from 'kysely';
import type { DeliveryTables } from './delivery-tables.ts';
import type { DestinationTables } from './destination-tables.ts';
import type { LeaseTables } from './lease-table.ts';
import type { PrivacyTables } from './privacy-tables.ts';
import type { ShapingTables } from './shaping-tables.ts';
import type { SpaceTables } from './space-tables.ts';

/**
 * Tables of the `state` database: configuration and control. Times are milliseconds since the epoch,
 * booleans 0 or 1, objects JSON text. `position` is the workspace's revision when the row was made:
 * it grows with each row of a table, so lists page by it and stay stable under inserts.
 */
export interface ControlTables
  extends SpaceTables,
    PrivacyTables,
    LeaseTables,
    ShapingTables,
    DeliveryTables,
    DestinationTables {
  workspace: WorkspaceTable;
  space: SpaceTable;
  source: SourceTable;
  write_key: WriteKeyTable;
  label: LabelTable;
  source_label: SourceLabelTable;
  token: TokenTable;
  iam_user: UserTable;
  user_group: UserGroupTable;
  user_group_member: UserGroupMemberTable;
  invite: InviteTable;
  secret_key: SecretKeyTable;
  oauth_secret: OAuthSecretTable;
  oauth_app: OAuthAppTable;
  oauth_key: OAuthKeyTable;
  oauth_app_source: OAuthAppSourceTable;
  oauth_revoked_token: OAuthRevokedTokenTable;
  audit_event: AuditEventTable;
  warehouse: WarehouseTable;
  warehouse_source: WarehouseSourceTable;
  sync_override: SyncOverrideTable;
  sync_request: SyncRequestTable;
  reverse_etl_model: ReverseEtlModelTable;
  reverse_etl_sync: ReverseEtlSyncTable;
}

/** Set when the row is made, never changed. */
type Fixed<T> = ColumnType<T, T, never>;

interface WorkspaceTable {
  id: Fixed<string>;
  slug: string;
  name: string;
  /** Grows by one in each writing transaction; it is the version of the snapshot. */
  revision: number;
  created_at: Fixed<number>;
}

export interface SpaceTable {
  id: Fixed<string>;
  workspace_id: Fixed<string>;
  slug: string;
  name: string;
  created_at: Fixed<number>;
}

export interface SourceTable {
  id: Fixed<string>;
  workspace_id: Fixed<string>;
  position: Fixed<number>;
  /** Unique in the workspace. */
  slug: string;
  name: string;
  enabled: number;
  /** Id in the catalogue of sources. */
  metadata_id: Fixed<string>;
  settings: string;
  /** `SourceLimits` of core/snapshot.ts. */
  limits: string;
  /** `SourcePolicy` of core/snapshot.ts. */
  policy: ColumnType<string, string | undefined, string>;
  /** `ClientSettings` of core/client-settings.ts. */
  client_settings: ColumnType<string, string | undefined, string>;
  /** The one region whose deployment takes its events; null is any. */
  region: ColumnType<string | null, string | null | undefined, string | null>;
  /** 1: its events are taken only with an access token. */
  requires_oauth: ColumnType<number, number | undefined, number>;
  /** What was set of the schema settings (spec public-api §6, Sources). */
  schema_settings: ColumnType<string, undefined, string>;
  created_at: Fixed<number>;
}

export interface WriteKeyTable {
  write_key: Fixed<string>;
  source_id: Fixed<string>;
  position: Fixed<number>;
  created_at: Fixed<number>;
  /** `live` or `test`. */
  mode: ColumnType<string, string | undefined, never>;
  /** What people call it. */
  name: ColumnType<string | null, string | null | undefined, string | null>;
  /** From this moment on it is refused; null is never. */
  expires_at: ColumnType<number | null, number | null | undefined, number | null>;
  /** When ingest last reported it, no more exact than a minute; null is never. */
  last_used_at: ColumnType<number | null, undefined, number>;
}

/** The labels that may be put on resources. */
export interface LabelTable {
  workspace_id: Fixed<string>;
  key: Fixed<string>;
  value: Fixed<string>;
  position: Fixed<number>;
  description: string | null;
}

/** The labels on a source: one value of a key. */
interface SourceLabelTable {
  source_id: Fixed<string>;
  key: Fixed<string>;
  value: string;
}

export interface TokenTable {
  id: Fixed<string>;
  workspace_id: Fixed<string>;
  position: Fixed<number>;
  name: string;
  /** SHA-256 of the token, hex. The token itself is nowhere. */
  hash: Fixed<string>;
  /** `read`, `write` or `admin`: each includes the one before. */
  permission: Fixed<string>;
  created_at: Fixed<number>;
  /** Whose it is: it may do what the user and its groups may. Null is nobody's. */
  user_id: ColumnType<string | null, string | null | undefined, never>;
  /** Its own list of grants (control/access/grant.ts), in place of the user's. Null with no user: no limit. */
  permissions: ColumnType<string | null, string | null | undefined, string | null>;
  /** From this moment on it is refused; null is never. */
  expires_at: ColumnType<number | null, number | null | undefined, number | null>;
  /** No more exact than a minute; null is never. */
  last_used_at: ColumnType<number | null, undefined, number>;
  /** `sdk` or `seed`; null is as the server is set. */
  answers: ColumnType<string | null, string | null | undefined, string | null>;
}

export interface UserTable {
  id: Fixed<string>;
  workspace_id: Fixed<string>;
  position: Fixed<number>;
  /** Lower case, unique in the workspace. */
  email: Fixed<string>;
  name: string;
  /** A list of grants: control/access/grant.ts. */
  permissions: string;
  created_at: Fixed<number>;
}

export interface UserGroupTable {
  id: Fixed<string>;
  workspace_id: Fixed<string>;
  position: Fixed<number>;
  name: string;
  /** A list of grants. */
  permissions: string;
  created_at: Fixed<number>;
}

/** By e-mail: users and people who are only invited so far. */
export interface UserGroupMemberTable {
  group_id: Fixed<string>;
  email: Fixed<string>;
  position: Fixed<number>;
}

export interface InviteTable {
  id: Fixed<string>;
  workspace_id: Fixed<string>;
  position: Fixed<number>;
  /** Lower case, unique in the workspace. */
  email: Fixed<string>;
  /** A list of grants: what the user will have. */
  permissions: string;
  created_at: Fixed<number>;
}

/** A known text sealed with the secret key: a node with another key is found out. */
interface SecretKeyTable {
  workspace_id: Fixed<string>;
  sealed: string;
}

/** What access tokens are signed with; made with the first OAuth app. */
interface OAuthSecretTable {
  workspace_id: Fixed<string>;
  /** 32 bytes, base64url. */
  secret: string;
}

export interface OAuthAppTable {
  id: Fixed<string>;
  workspace_id: Fixed<string>;
  position: Fixed<number>;
  name: string;
  /** Array of names of `oauthScopes`. */
  scopes: string;
  /** A name of `tokenLifetimes`. */
  token_lifetime: string;
  /** Grows when all its tokens are revoked. */
  generation: number;
  created_at: Fixed<number>;
}

export interface OAuthKeyTable {
  id: Fixed<string>;
  app_id: Fixed<string>;
  position: Fixed<number>;
  name: Fixed<string>;
  /** SPKI in PEM. */
  public_key: Fixed<string>;
  created_at: Fixed<number>;
}

/** The sources that an app may write to. */
interface OAuthAppSourceTable {
  app_id: Fixed<string>;
  source_id: Fixed<string>;
  position: Fixed<number>;
}

/** Access tokens revoked one by one, until they expire. */
interface OAuthRevokedTokenTable {
  /** Their `jti`. */
  id: Fixed<string>;
  app_id: Fixed<string>;
  position: Fixed<number>;
  expires_at: Fixed<number>;
}

/** One row for each write, made in its transaction. */
interface AuditEventTable {
  id: Fixed<string>;
  workspace_id: Fixed<string>;
  position: Fixed<number>;
  at: Fixed<number>;
  /** `public-api-token/<first 8 characters of its id>`, or `system`. */
  actor: Fixed<string>;
  /** operationId. */
  operation: Fixed<string>;
  /** In Segment's words, e.g. `Source Created`. */
  type: Fixed<string>;
  resource_type: Fixed<string>;
  resource_id: Fixed<string>;
  resource_name: Fixed<string>;
  /** The resource as the API showed it before and after, secrets masked; null where there was none. */
  before: ColumnType<string | null, string | null | undefined, never>;
  after: ColumnType<string | null, string | null | undefined, never>;
  actor_email: ColumnType<string | null, string | null | undefined, never>;
}

export interface WarehouseTable {
  id: Fixed<string>;
  workspace_id: Fixed<string>;
  position: Fixed<number>;
  /** Id in the catalogue of warehouses. */
  metadata_id: Fixed<string>;
  name: string | null;
  enabled: number;
  /** What was set, without the catalogue's defaults, secrets sealed. */
  settings: string;
  /** `SyncSchedule` of core/snapshot.ts; null is the default of its kind. */
  schedule: string | null;
  created_at: Fixed<number>;
}

/** The sources that are loaded into a warehouse. */
interface WarehouseSourceTable {
  warehouse_id: Fixed<string>;
  source_id: Fixed<string>;
  position: Fixed<number>;
  /** Events received from then on are loaded. */
  created_at: Fixed<number>;
}

/** What selective sync was told of a source; of a collection of it, or of a property of that, where they are not ''. */
interface SyncOverrideTable {
  warehouse_id: Fixed<string>;
  source_id: Fixed<string>;
  collection: Fixed<string>;
  property: Fixed<string>;
  enabled: number;
  position: Fixed<number>;
  /** Of a source as a whole that is switched off: what was received from then on may not be loaded, ms. */
  off_since: number | null;
}

/** Syncs at once, and back-fills, that somebody asked for; the newest of each warehouse. */
export interface SyncRequestTable {
  id: Fixed<string>;
  warehouse_id: Fixed<string>;
  position: Fixed<number>;
  /** Of a back-fill: events received in [from_time, to_time); without an end, up to when it runs. */
  from_time: Fixed<number | null>;
  to_time: Fixed<number | null>;
  /** Of a back-fill of one source. */
  source_id: Fixed<string | null>;
  /** Of a back-fill of one collection. */
  collection: ColumnType<string | null, string | null | undefined, never>;
  created_at: Fixed<number>;
}

/** The rows that a query finds in a warehouse, to be sent to destinations. */
export interface ReverseEtlModelTable {
  id: Fixed<string>;
  source_id: Fixed<string>;
  position: Fixed<number>;
  name: string;
  description: string;
  enabled: number;
  /** SQL. */
  query: string;
  /** The column by which a row is known again. */
  identifier_column: string;
  created_at: Fixed<number>;
}

export interface ReverseEtlSyncTable {
  id: Fixed<string>;
  model_id: Fixed<string>;
  subscription_id: Fixed<string>;
  position: Fixed<number>;
  /** `IN_PROGRESS`, `SUCCESS`, `PARTIAL_SUCCESS`, `FAIL` or `CANCELLED`. */
  status: string;
  started_at: Fixed<number>;
  finished_at: number | null;
  /** Counts of the query's rows, as the API shows them. */
  extract_phase: string | null;
  /** Counts of what was delivered, as the API shows them. */
  load_phase: string | null;
  error: string | null;
  error_code: string | null;
  /** 0 to 4, as the client gave it. */
  cancel_reason: number | null;
}
