import type { Command } from 'commander';
import {
  deployFunction,
  listFunctions,
  printInvocations,
  restoreVersion,
  saveFunction,
  showFunction,
  tryFunction,
} from './functions.ts';
import type { ServerCommands } from './source-commands.ts';

const named = ['<function>', 'id or name of the function'] as const;

/** `tributary functions …`. */
export function addFunctionCommands(program: Command, { onServer, client }: ServerCommands): void {
  const functions = program.command('functions').description('code of your own in the pipeline');
  onServer(functions.command('list'))
    .description('list the functions, a JSON line each')
    .action(async (options) => listFunctions(await client(options)));
  onServer(functions.command('show'))
    .description('show a function with its latest code')
    .argument(...named)
    .action(async (of, options) => showFunction(await client(options), of));
  onServer(functions.command('save'))
    .description('save code as the latest version; what is deployed runs on')
    .argument(...named)
    .argument('<file>', 'JavaScript; - is the standard input')
    .action(async (of, file, options) => saveFunction(await client(options), of, file));
  onServer(functions.command('deploy'))
    .description('run the latest version from now on')
    .argument(...named)
    .action(async (of, options) => deployFunction(await client(options), of));
  onServer(functions.command('restore'))
    .description('make a copy of a version the latest one, not deployed')
    .argument(...named)
    .argument('<version>', 'id of the version')
    .action(async (of, version, options) => restoreVersion(await client(options), of, version));
  onServer(functions.command('logs'))
    .description('the last invocations that failed or have logged, newest first')
    .argument(...named)
    .option('--limit <count>', 'how many, at most 200', '50')
    .action(async (of, options) => printInvocations(await client(options), of, options));
  onServer(functions.command('test'))
    .description('run the saved code once, deployed or not; its requests are real')
    .argument(...named)
    .option('--event <file>', 'JSON of an event, or of a list for onBatch; - is the standard input')
    .option('--source <source>', 'with the newest event of this source, by id or slug')
    .option('--message-id <id>', 'with --source: with this event among its last')
    .option('--body <file>', 'body of a request, for a source function')
    .option('--header <header...>', 'with --body: headers, as name: value')
    .option('--code <file>', 'code to run in place of what is saved')
    .option('--settings <file>', 'JSON of settings')
    .option('--used-by <id>', 'with the settings of this destination, source or instance')
    .action(async (of, options) => tryFunction(await client(options), of, options));
}
