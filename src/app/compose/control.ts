import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createControl } from '../../control/create-control.ts';
import type { Bus } from '../../core/bus.ts';
import { isLogName, type LogName } from '../../core/event-log.ts';
import type { StateStore } from '../../core/state.ts';
import type { WorkTables } from '../../core/tables/work-tables.ts';
import { destinationDefinitions } from '../../destinations/destination-definitions.ts';
import { readDeviceDestinations } from '../../destinations/device-mode/device-destinations.ts';
import { readLibraryDestinations } from '../../destinations/library/library-destinations.ts';
import { createLibraryProbe } from '../../destinations/library/library-probe.ts';
import {
  createTokenStore,
  type TokenStore,
} from '../../destinations/library/tokens/token-store.ts';
import { type StateStores, stateStores } from '../../storage/open-state.ts';
import { warehouseEngine } from '../../storage/warehouses/warehouse-engines.ts';
import { createWarehouseTest } from '../../warehouses/connection-test/create-warehouse-test.ts';
import type { Config } from '../config/config.ts';
import { askWarehouse } from '../load/warehouse-questions.ts';
import type { NodeContext } from '../node/node-context.ts';
import { redeliverOverBus } from '../node/redelivery-channel.ts';
import type { RunningProcess } from '../node/running-process.ts';
import { makeSecretBox } from '../node/secret-key.ts';
import { createSnapshotFile } from '../node/snapshot-file.ts';
import { controlSocket } from './control-socket.ts';
import { lazyFunctions } from './lazy-functions.ts';
import { lazyHttp } from './lazy-http.ts';
import { openLogs } from './logs.ts';
import { announceWatched } from './watched-sources.ts';

/** The process of the APIs and the console. It owns the configuration and publishes its snapshots. */
export async function composeControl(context: NodeContext): Promise<RunningProcess> {
  const { config, bus, clock, logger, registry } = context;
  const snapshotFile = createSnapshotFile(join(config.data, 'snapshot.json'), bus, logger);
  const stores = stateStores(config.state, context);
  const store = await stores.openControl();
  const engine = await openLogs(context);
  const work = engine.outlivesNode
    ? await sharedWorkStore(stores, context)
    : lazyWorkStore(stores, context);
  const http = lazyHttp({ allowPrivateTargets: config.allowPrivateTargets, clock });
  const listen = whileWatched(bus, (log) => control.wake(log));
  const functions = lazyFunctions({ http, clock, logger });
  const randomHex = () => randomBytes(8).toString('hex');
  const control = await createControl({
    store,
    work: work.current,
    definitions: [
      ...destinationDefinitions,
      ...(await readLibraryDestinations(config.partnerCredentials)),
      ...(await readDeviceDestinations()),
    ],
    logs: engine,
    publishSnapshot: snapshotFile.publish,
    watch: (sources) => {
      bus.publish('watched', [...sources]);
      work.watch(sources);
      listen(sources.length > 0);
    },
    http,
    redeliver: redeliverOverBus(bus, clock, randomHex),
    secrets: makeSecretBox(config),
    functions,
    probe: createLibraryProbe({ http, clock, tokens: readTokens(context, work.current) }),
    testWarehouse: createWarehouseTest(config.data, warehouseEngine),
    syncEveryMs: ({ slug, settings }) => warehouseEngine(slug)?.syncEveryMs(settings),
    askWarehouse: config.roles.includes('load') ? askWarehouse(bus, clock, randomHex) : undefined,
    answers: config.apiAnswers,
    apiPerMinute: config.apiRateLimit,
    bootstrap: {
      // A file of this machine is no warehouse of many nodes.
      hasWarehouse: !engine.outlivesNode,
      ...(config.token === undefined ? {} : { token: config.token }),
      ...(config.writeKey === undefined ? {} : { writeKey: config.writeKey }),
    },
    clock,
    random: randomBytes,
    logger,
    registry,
    publicUrl: config.publicUrl,
    trackingPort: config.adminPort === undefined ? undefined : config.port,
    region: config.region,
  });
  bus.subscribe('keys.used', (message) => control.keysUsed(message));
  const socket = controlSocket(config);
  // Left behind by a process that was killed; the one living control process is this.
  rmSync(socket, { force: true });
  await control.app.listen({ path: socket });
  const { token, writeKey } = control.bootstrapResult;
  return {
    banner: { token: keepToken(config, token), writeKey },
    health: () => ({ state: 'running' }),
    stop: async () => {
      await control.close();
      await functions.stop();
      await http.close();
      await work.close();
      await engine.close();
      await store.close();
    },
  };
}

/** What the worker has refreshed; nothing while its database is not there. */
function readTokens(
  { config, clock }: NodeContext,
  work: () => StateStore<WorkTables> | undefined,
): Pick<TokenStore, 'read'> {
  return {
    read: async (connection, origin) => {
      const store = work();
      if (store === undefined) return undefined;
      return await createTokenStore(store, makeSecretBox(config), clock).read(connection, origin);
    },
  };
}

/** Hears of growing logs only while somebody watches: an unwatched log costs nothing here. */
function whileWatched(bus: Bus, wake: (log: LogName) => void): (watched: boolean) => void {
  let unsubscribe: (() => void) | undefined;
  return (watched) => {
    if (watched) {
      unsubscribe ??= bus.subscribe('wake', (log) => {
        if (isLogName(log)) wake(log);
      });
    } else {
      unsubscribe?.();
      unsubscribe = undefined;
    }
  };
}

/** Of all nodes: they are told what is watched at this one. */
async function sharedWorkStore(stores: StateStores, context: NodeContext) {
  const store = await stores.openWork();
  const watch = announceWatched({ ...context, store });
  return { current: () => store, watch, close: () => store.close() };
}

/** The worker makes its database; until then there is nothing to show. */
function lazyWorkStore(stores: StateStores, { bus, logger }: NodeContext) {
  let opened: StateStore<WorkTables> | undefined;
  let opening = false;
  const open = async () => {
    if (opened !== undefined || opening) return;
    opening = true;
    try {
      opened = await stores.openWorkReader();
    } catch (error) {
      logger.debug({ err: error }, 'the work database is not there yet');
    }
    opening = false;
  };
  bus.subscribe('parts', () => void open());
  return { current: () => opened, watch: () => undefined, close: async () => opened?.close() };
}

/** The first token is shown at every start and found by the command line; its file is its owner's alone. */
function keepToken(config: Config, made: string | undefined): string {
  const path = join(config.data, 'access-token');
  const token = config.token ?? made;
  if (token !== undefined) {
    writeFileSync(path, `${token}\n`, { mode: 0o600 });
    return token;
  }
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    // The operator has put it away.
    return '(made at the first start; no longer kept here)';
  }
}
