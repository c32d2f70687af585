/** A process of the kill test: loads a log that is always the same, in small units, until it is done or killed. */
import { systemClock } from '../../src/core/clock.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { noSuppressions } from '../../src/core/suppressions.ts';
import { warehouseEngine } from '../../src/storage/warehouses/warehouse-engines.ts';
import { syncWarehouse } from '../../src/warehouses/sync/sync-warehouse.ts';
import { numbered, openFilledLog } from './filled-log.ts';

const { slug, settings, folder, events, unitEvents } = JSON.parse(process.argv[2] ?? '{}');
const engine = warehouseEngine(slug);
if (engine === undefined) throw new RangeError(`no engine ${slug}`);
const log = await openFilledLog();
for (let n = 0; n < events; n += 10) {
  await log.add(
    's',
    Array.from({ length: 10 }, (_, index) => numbered(n + index)),
  );
}
const warehouse = await engine.open(settings, {
  dataFolder: folder,
  tempFolder: folder,
  logger: silentLogger,
});
process.stdout.write('loading\n');
await syncWarehouse({
  job: {
    warehouse: {
      id: 'w',
      slug,
      enabled: true,
      settings: {},
      sources: [{ sourceId: 's', since: 0 }],
    },
    slugs: { s: 'shop' },
    seen: {},
  },
  ...{ warehouse, dialect: engine.dialect, readers: [log.reader], suppressions: noSuppressions },
  ...{ clock: systemClock, logger: silentLogger, unitEvents },
  signal: new AbortController().signal,
});
await warehouse.close();
