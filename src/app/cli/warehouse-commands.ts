import type { Command } from 'commander';
import type { ServerCommands } from './source-commands.ts';
import { listSyncs, syncSchedule } from './warehouse-syncs.ts';
import { queryWarehouse, syncWarehouse, testWarehouse } from './warehouses.ts';

const warehouseOption = [
  '--warehouse <name>',
  'id or name of the warehouse (default: the first)',
] as const;

/** `tributary sync`, `syncs`, `sync-schedule`, `test-warehouse` and `sql`. */
export function addWarehouseCommands(program: Command, { onServer, client }: ServerCommands): void {
  onServer(program.command('sync'))
    .description('load what is new into a warehouse at once, or the events of a range once more')
    .option(...warehouseOption)
    .option('--from <time>', 'ISO 8601: load the events received at or after it once more')
    .option('--to <time>', 'ISO 8601, events received before (default: now)')
    .option('--source <source>', 'with --from: of this source only, by id or slug')
    .option('--collection <name>', 'with --source: its table of this name only, such as tracks')
    .action(async (options) => syncWarehouse(await client(options), options));
  onServer(program.command('syncs'))
    .description('list what the syncs of a warehouse reported, newest first')
    .option(...warehouseOption)
    .option('--source <source>', 'of this source only, by id or slug')
    .option('--limit <count>', 'reports at the most', '20')
    .option('--json', 'print a report a line, as JSON')
    .action(async (options) => listSyncs(await client(options), options));
  onServer(program.command('test-warehouse'))
    .description('say whether a warehouse can be reached with its settings, else why not')
    .option(...warehouseOption)
    .action(async (options) => testWarehouse(await client(options), options));
  onServer(program.command('sync-schedule'))
    .description('show when a warehouse is loaded and when next, or set it')
    .option(...warehouseOption)
    .option('--every <interval>', 'such as 15m, 6h, 1d')
    .option('--cron <spec>', 'five fields: minute, hour, day of the month, month, day of the week')
    .option('--days <days>', 'days of the week, 0 is Sunday: 1,2,3,4,5')
    .option('--hours <hours>', 'with --days or without: hours of the day, such as 6,18')
    .option('--timezone <zone>', 'of --cron and --hours, such as Europe/Berlin', 'UTC')
    .option('--manual', 'only when somebody asks')
    .option('--default', 'as its kind has it')
    .action(async (options) => syncSchedule(await client(options), options));
  onServer(program.command('sql'))
    .description('run one SQL statement that reads in a warehouse, and print its rows')
    .argument('<statement>', 'for instance: select event, count(*) from http_api.tracks group by 1')
    .option(...warehouseOption)
    .option('--limit <count>', 'rows at the most', '1000')
    .option('--offset <count>', 'rows to pass over first', '0')
    .option('--json', 'print an object a row, as lines of JSON')
    .action(async (statement, options) =>
      queryWarehouse(await client(options), statement, options),
    );
}
