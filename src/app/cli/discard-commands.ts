import { type Command, Option } from 'commander';
import { exportDiscards, listDiscards, resendDiscards } from './discards.ts';
import type { ServerCommands } from './source-commands.ts';

/** `tributary discards …`. */
export function addDiscardCommands(program: Command, { onServer, client }: ServerCommands): void {
  const discards = withFilter(onServer(program.command('discards')))
    .description('list what was refused, dropped or given up, with the reason')
    .option('--limit <count>', 'how many, newest first', '50')
    .action(async (options) => listDiscards(await client(options), options));
  withFilter(onServer(discards.command('export')))
    .description('print all of them, a JSON line each')
    .action(async (_options, command) => {
      const options = command.optsWithGlobals();
      await exportDiscards(await client(options), options);
    });
  withFilter(onServer(discards.command('resend')))
    .description('send them again, each once; what a destination gave up goes to it alone')
    .argument('[ids...]', 'ids of discards; without them, all of the filter')
    .action(async (ids, _options, command) => {
      const options = command.optsWithGlobals();
      await resendDiscards(await client(options), ids, options);
    });
}

function withFilter(command: Command): Command {
  return command
    .option('--source <source>', 'of this source only, by id or slug')
    .option('--destination <destination>', 'of this destination only, by id or name')
    .option('--code <code>', 'with this reason only')
    .addOption(
      new Option('--stage <stage>', 'of this stage only').choices(['ingest', 'process', 'deliver']),
    )
    .option('--from <time>', 'ISO 8601, discarded at or after')
    .option('--to <time>', 'ISO 8601, discarded before');
}
