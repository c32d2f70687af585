import type { Kysely, Selectable } from 'kysely';
import type { ClientSettings } from '../../core/client-settings.ts';
import type { DeliveryLimits } from '../../core/delivery-limits.ts';
import { isDeviceDestination } from '../../core/device-mode.ts';
import {
  type ConnectedFunction,
  functionDestinationSlug,
  type InsertFunction,
} from '../../core/functions.ts';
import type { JsonObject } from '../../core/json.ts';
import {
  type ConnectionConfig,
  isKeyModes,
  type ReplayConfig,
  type Snapshot,
  type SourceConfig,
  type SourcePolicy,
  type WriteKeyConfig,
} from '../../core/snapshot.ts';
import type { ControlTables, WriteKeyTable } from '../../core/tables/control-tables.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { enabledSubscriptions } from '../destinations/subscriptions/enabled-subscriptions.ts';
import { isFunctionKind, readWorkspaceKinds } from '../functions/workspace-kinds.ts';
import { outsideTypes } from '../privacy/regulation-types.ts';
import { readDeployedFunctions } from './read-deployed-functions.ts';
import { readDeviceDestinations } from './read-device-destinations.ts';
import { readInsertFunctions } from './read-insert-functions.ts';
import { readOAuth } from './read-oauth.ts';
import { readReverseEtl } from './read-reverse-etl.ts';
import { readShaping, type Shaping } from './read-shaping.ts';
import { readWarehouses } from './read-warehouses.ts';
import { readDestinations, type StoredDestinations } from './stored-destinations.ts';

type Db = Kysely<ControlTables>;

/** The configuration as it is at one moment, also while another node changes it. */
export function readSnapshot(db: Db, catalog: Catalog): Promise<Snapshot> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute((moment) => buildSnapshot(moment, catalog));
}

/**
 * The configuration as the data plane sees it, read in a transaction that sees one moment. A destination
 * whose kind this server no longer knows is left out: there is no code to run it.
 */
async function buildSnapshot(db: Db, known: Catalog): Promise<Snapshot> {
  const workspace = await db.selectFrom('workspace').selectAll().executeTakeFirstOrThrow();
  const catalog = known.withFunctions(await readWorkspaceKinds(db, workspace));
  const functions: ConnectedFunctions = {
    deployed: await readDeployedFunctions(db),
    inserted: await readInsertFunctions(db),
  };
  const destinations = await readDestinations(db);
  const shaping = await readShaping(db);
  const { trackingPlans } = shaping;
  const deviceDestinations = readDeviceDestinations(destinations, catalog);
  return {
    version: Number(workspace.revision),
    workspace: { id: workspace.id, slug: workspace.slug, name: workspace.name },
    sources: await readSources(db, functions, shaping),
    connections: readConnections(destinations, catalog, shaping, functions),
    ...(deviceDestinations.length > 0 && { deviceDestinations }),
    replays: await readReplays(db),
    ...(trackingPlans.length > 0 && { trackingPlans }),
    ...(await readWarehouses(db, catalog)),
    ...(await readReverseEtl(db)),
    tokenHashes: await readTokenHashes(db),
    ...(await readSuppressions(db)),
    ...(await readDeletions(db)),
    ...(await readOAuth(db)),
  };
}

/** Functions, by the id of their entry in the catalogue and by that of the source or destination they stand in front of. */
interface ConnectedFunctions {
  readonly deployed: ReadonlyMap<string, ConnectedFunction>;
  readonly inserted: ReadonlyMap<string, InsertFunction>;
}

async function readSources(
  db: Db,
  { deployed, inserted }: ConnectedFunctions,
  shaping: Shaping,
): Promise<SourceConfig[]> {
  const rows = await db.selectFrom('source').selectAll().orderBy('position').execute();
  const keys = Map.groupBy(
    await db.selectFrom('write_key').selectAll().orderBy('position').execute(),
    (row) => row.source_id,
  );
  return rows.map((row) => {
    const own = keys.get(row.id) ?? [];
    const specialKeys = own.flatMap(specialOf);
    const policy: SourcePolicy = JSON.parse(row.policy);
    const clientSettings: ClientSettings = JSON.parse(row.client_settings);
    const code = deployed.get(row.metadata_id);
    const insert = inserted.get(row.id);
    return {
      id: row.id,
      slug: row.slug,
      name: row.name,
      enabled: row.enabled === 1,
      writeKeys: own.map((key) => key.write_key),
      ...(specialKeys.length > 0 && { specialKeys }),
      limits: JSON.parse(row.limits),
      ...(Object.keys(policy).length > 0 && { policy }),
      ...(Object.keys(clientSettings).length > 0 && { clientSettings }),
      ...(row.region !== null && { region: row.region }),
      ...(row.requires_oauth === 1 && { requiresOAuth: true as const }),
      ...(code !== undefined && { function: { ...code, settings: JSON.parse(row.settings) } }),
      ...(insert !== undefined && { insert }),
      ...shaping.ofSource(row),
    };
  });
}

/** What data planes must know of a key; nothing of a live one that never expires. */
function specialOf(row: Selectable<WriteKeyTable>): WriteKeyConfig[] {
  const special = {
    ...(row.mode === 'test' && { test: true }),
    ...(row.expires_at !== null && { expiresAt: Number(row.expires_at) }),
  };
  return Object.keys(special).length === 0 ? [] : [{ key: row.write_key, ...special }];
}

function readConnections(
  { rows, subscriptions, filters, audiences }: StoredDestinations,
  catalog: Catalog,
  shaping: Shaping,
  { deployed, inserted }: ConnectedFunctions,
): ConnectionConfig[] {
  return rows.flatMap((row) => {
    const definition = catalog.destination(row.metadata_id);
    if (definition === undefined || isDeviceDestination(definition)) return [];
    const settings: JsonObject = JSON.parse(row.settings);
    const consentCategories: string[] = JSON.parse(row.consent_categories);
    const deliveryLimits: DeliveryLimits = JSON.parse(row.delivery_limits);
    const own = filters.get(row.id);
    const subscribed = enabledSubscriptions(subscriptions.get(row.id));
    const connected = audiences.get(row.id);
    const insert = inserted.get(row.id);
    const code = deployed.get(row.metadata_id);
    return [
      {
        id: row.id,
        sourceId: row.source_id,
        slug: isFunctionKind(definition) ? functionDestinationSlug : definition.slug,
        integration: definition.name,
        enabled: row.enabled === 1,
        since: Number(row.since),
        ...(isKeyModes(row.takes) && row.takes !== 'live' && { takes: row.takes }),
        ...(consentCategories.length > 0 && { consentCategories }),
        ...(Object.keys(deliveryLimits).length > 0 && { deliveryLimits }),
        ...(own !== undefined && { filters: own }),
        ...shaping.ofConnection(row.source_id, definition),
        ...(insert !== undefined && { insert }),
        ...(code !== undefined && { function: code }),
        ...(subscribed.length > 0 && { subscriptions: subscribed }),
        ...(connected !== undefined && { audiences: connected }),
        ...(definition.obstacle !== undefined && { obstacle: definition.obstacle }),
        settings: catalog.withDefaults(definition, settings),
      },
    ];
  });
}

async function readTokenHashes(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('token').select('hash').orderBy('position').execute();
  return rows.map(({ hash }) => hash);
}

async function readReplays(db: Db): Promise<ReplayConfig[]> {
  const rows = await db
    .selectFrom('replay')
    .select(['id', 'destination_id', 'from_time', 'to_time'])
    .where('ended_at', 'is', null)
    .orderBy('position')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    connectionId: row.destination_id,
    from: Number(row.from_time),
    to: Number(row.to_time),
  }));
}

/** Where the changes of the suppressions end; the changes themselves data planes read. */
async function readSuppressions(db: Db): Promise<Pick<Snapshot, 'suppressions'>> {
  const { newest } = await db
    .selectFrom('suppression')
    .select(({ fn }) => fn.max('position').as('newest'))
    .executeTakeFirstOrThrow();
  return newest === null ? {} : { suppressions: Number(newest) };
}

/** How many regulations data planes have to act on; what they want data planes read. */
async function readDeletions(db: Db): Promise<Pick<Snapshot, 'deletions' | 'newestDeletion'>> {
  const { open } = await db
    .selectFrom('regulation')
    .select(({ fn }) => fn.countAll<number>().as('open'))
    .where('status', 'in', ['INITIALIZED', 'RUNNING'])
    .executeTakeFirstOrThrow();
  if (Number(open) === 0) return {};
  const { newest } = await db
    .selectFrom('regulation')
    .select(({ fn }) => fn.max('position').as('newest'))
    .where('status', 'in', ['INITIALIZED', 'RUNNING'])
    .where('regulation_type', 'in', outsideTypes)
    .where('subject_type', '!=', 'OBJECT_ID')
    .executeTakeFirstOrThrow();
  return {
    deletions: Number(open),
    ...(newest !== null && { newestDeletion: Number(newest) }),
  };
}
