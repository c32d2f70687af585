import type { Command } from 'commander';
import type { ServerCommands } from './source-commands.ts';
import { queryWarehouse, syncWarehouse } from './warehouses.ts';

const warehouseOption = [
  '--warehouse <name>',
  'id or name of the warehouse (default: the first)',
] as const;

/** `tributary sync` and `tributary sql`. */
export function addWarehouseCommands(program: Command, { onServer, client }: ServerCommands): void {
  onServer(program.command('sync'))
    .description('load what is new into a warehouse at once, or the events of a range once more')
    .option(...warehouseOption)
    .option('--from <time>', 'ISO 8601: load the events received at or after it once more')
    .option('--to <time>', 'ISO 8601, events received before (default: now)')
    .option('--source <id>', 'with --from: of this source only')
    .action(async (options) => syncWarehouse(await client(options), options));
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
