import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { DestinationDefinition } from '../../core/destination.ts';
import type { JsonObject } from '../../core/json.ts';
import type { StateStore } from '../../core/state.ts';
import type { WorkTables } from '../../core/tables/work-tables.ts';
import { createDeliveryQuotas } from '../../deliver/limits/delivery-quotas.ts';
import { destinationDefinitions } from '../../destinations/destination-definitions.ts';
import { functionDestination } from '../../destinations/functions/function-destination.ts';
import { libraryDefinitions } from '../../destinations/library/library-definitions.ts';
import { createTokenStore } from '../../destinations/library/tokens/token-store.ts';
import { createFunctions } from '../../functions/create-functions.ts';
import { recordInvocations } from '../../functions/invocations/record-invocations.ts';
import { stateStores } from '../../storage/open-state.ts';
import { emitOverBus } from '../node/emission-channel.ts';
import type { NodeContext } from '../node/node-context.ts';
import { openedSnapshot } from '../node/opened-snapshot.ts';
import type { RunningProcess } from '../node/running-process.ts';
import { readSecretBox } from '../node/secret-key.ts';
import { createSnapshotFile } from '../node/snapshot-file.ts';
import { PartitionRegistries } from '../partitions/partition-registries.ts';
import { PartitionRole, type PartitionRoleOptions } from '../partitions/partition-role.ts';
import { lazyObjects } from './archive-partition.ts';
import { countryTable } from './country-table.ts';
import { startDestinationDeletions, startWarehouseDeletions } from './deletions.ts';
import { startDeliverPartition } from './deliver-partition.ts';
import { followSuppressions } from './follow-suppressions.ts';
import { lazyHttp } from './lazy-http.ts';
import { lazyStateReader } from './lazy-state-reader.ts';
import { startNodeLoads } from './loads.ts';
import { openLogs } from './logs.ts';
import { openDeletions, openDeletionTargets } from './open-deletions.ts';
import { startProcessPartition } from './process-partition.ts';
import { startNodeReverseEtl } from './reverse-etl.ts';
import { watchedSources } from './watched-sources.ts';

/** The process that works the logs off: process and deliver, each on its share of the partitions. */
export async function composeWorker(context: NodeContext): Promise<RunningProcess> {
  const { config, bus, clock, logger } = context;
  const snapshotFile = createSnapshotFile(join(config.data, 'snapshot.json'), bus, logger);
  const engine = await openLogs(context);
  const store = await stateStores(config.state, context).openWork();
  const sealed = await snapshotFile.hold();
  // Only deliver and load have to do with settings: the others need no key.
  const hasSettings = config.roles.includes('deliver') || config.roles.includes('load');
  const snapshot = hasSettings ? openedSnapshot(sealed, readSecretBox(config), logger) : sealed;
  const state = lazyStateReader(context);
  const suppressions = await followSuppressions({ context, snapshot, open: state.open });
  const deletions = openDeletions(snapshot, state.open);
  const loadCountries = countryTable(config.countryTable);
  const http = lazyHttp({ allowPrivateTargets: config.allowPrivateTargets, clock });
  const randomHex = (bytes: number) => randomBytes(bytes).toString('hex');
  const functions = recordInvocations(createFunctions({ http, clock, logger }), {
    ...{ store, clock, logger, randomHex },
  });
  const emit = emitOverBus(bus, clock, () => randomHex(8));
  const definitions = [
    ...destinationDefinitions,
    ...(await openLibrary(context, store)),
    functionDestination(functions),
  ];
  const archive = config.archive === undefined ? undefined : lazyObjects(config.archive, context);
  const watched = watchedSources({ ...context, engine, store });
  const registries = new PartitionRegistries();
  const quotas = createDeliveryQuotas(clock, engine.partitions);
  const shared = { context, engine, store, snapshot, suppressions, watched: watched.current };
  const roles = (
    [
      {
        role: 'process',
        log: 'accepted',
        start: (partition, lease) => {
          const registry = registries.of('process', partition);
          return startProcessPartition({
            ...shared,
            ...{ http, functions, emit, loadCountries },
            ...{ partition, registry, lease },
          });
        },
      },
      {
        role: 'deliver',
        log: 'events',
        start: (partition, lease) => {
          const registry = registries.of('deliver', partition);
          return startDeliverPartition({
            ...shared,
            ...{ http, definitions, functions, objects: archive?.open, deletions, quotas },
            partition,
            registry,
            lease,
          });
        },
      },
    ] satisfies Pick<PartitionRoleOptions, 'role' | 'log' | 'start'>[]
  )
    .filter(({ role }) => config.roles.includes(role))
    .map((one) => {
      const options = { ...one, engine, leases: store.leases, clock, logger };
      return { name: one.role, role: new PartitionRole(options) };
    });
  await Promise.all(roles.map(({ role }) => role.begin()));
  const loads = config.roles.includes('load')
    ? startNodeLoads({ context, engine, store, snapshot })
    : undefined;
  const targets = openDeletionTargets(snapshot, state.open);
  const deleting = { context, store, snapshot, targets };
  const outside = [
    ...(config.roles.includes('deliver')
      ? [startDestinationDeletions(deleting, { definitions, http })]
      : []),
    ...(loads === undefined ? [] : [startWarehouseDeletions(deleting, loads)]),
  ];
  const reverseEtl =
    loads && config.roles.includes('deliver')
      ? startNodeReverseEtl({ context, store, snapshot, definitions, http, loads, randomHex })
      : undefined;
  return {
    banner: {},
    health: () => ({
      state: 'running',
      partitions: partitionsOf(roles),
      ...(loads && { load: loads.state() }),
    }),
    registries: () => registries.all,
    stop: async () => {
      for (const one of outside) await one.stop();
      await reverseEtl?.stop();
      await loads?.stop();
      await Promise.all(roles.map(({ role }) => role.stop()));
      await archive?.close();
      watched.stop();
      await suppressions.close();
      await state.close();
      await functions.stop();
      await http.close();
      await engine.close();
      await store.close();
    },
  };
}

/** Segment's library; none where nothing is delivered: its tokens need the secret key. */
async function openLibrary(
  { config, clock }: NodeContext,
  store: StateStore<WorkTables>,
): Promise<readonly DestinationDefinition[]> {
  if (!config.roles.includes('deliver')) return [];
  const tokens = createTokenStore(store, readSecretBox(config), clock);
  const ownConnections = new Set(config.ownConnections);
  return await libraryDefinitions({ clock, tokens, ownConnections });
}

/** `[{partition, process, deliver}]`: what this node does with each partition that it has been given. */
function partitionsOf(
  roles: readonly { readonly name: string; readonly role: PartitionRole }[],
): JsonObject[] {
  const partitions = new Map<number, JsonObject>();
  for (const { name, role } of roles) {
    for (const [partition, state] of role.state()) {
      partitions.set(partition, { ...partitions.get(partition), [name]: state });
    }
  }
  return [...partitions]
    .toSorted(([a], [b]) => a - b)
    .map(([partition, states]) => ({ partition, ...states }));
}
