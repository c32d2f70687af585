import { Command, Option } from 'commander';
import { maskedConfig, processEnvironment, readConfig } from '../config/config.ts';
import { serve } from '../serve.ts';
import { addAlertCommands } from './alert-commands.ts';
import { addArchiveCommands } from './archive-commands.ts';
import { addAsCodeCommands } from './as-code-commands.ts';
import { checkHealth } from './check-health.ts';
import { createClient } from './client.ts';
import { addDestinationCommands } from './destination-commands.ts';
import { addDiscardCommands } from './discard-commands.ts';
import { addFunctionCommands } from './function-commands.ts';
import { listFailures } from './list-failures.ts';
import { addOAuthCommands } from './oauth-commands.ts';
import { sendTestEvent } from './send-test-event.ts';
import { addSourceCommands } from './source-commands.ts';
import { startReplay } from './start-replay.ts';
import { tailSource } from './tail-source.ts';
import { addWarehouseCommands } from './warehouse-commands.ts';

const serverOptions = [
  new Option('--url <address>', 'address of the server (default: from the configuration)'),
  new Option(
    '--token <token>',
    'access token (default: TRIBUTARY_TOKEN, else <data>/access-token)',
  ),
];

/** The command line. Rejects with the operating error that ended the command. */
export async function runCli(argv: readonly string[]): Promise<void> {
  const program = new Command('tributary').description(
    'A self-hosted customer data platform: any Segment SDK in, durable, ordered delivery out.',
  );
  program.command('serve').description('run everything on this machine').action(serve);
  program
    .command('validate')
    .description('check the configuration and print what results')
    .action(validate);
  program
    .command('health')
    .description('print the health of the server; the exit code tells whether it takes events')
    .action(async () => checkHealth((await readConfig(processEnvironment())).config));
  program
    .command('backup')
    .description('copy everything that is kept on this machine, while the server runs or not')
    .argument('<folder>', 'a new or empty folder')
    .action(async (folder) => {
      const { backUp } = await import('./back-up.ts');
      await backUp((await readConfig(processEnvironment())).config, folder);
    });
  program
    .command('restore')
    .description('put a backup in place; nothing may be there yet')
    .argument('<folder>', 'what `tributary backup` has written')
    .action(async (folder) => {
      const { restore } = await import('./restore.ts');
      await restore((await readConfig(processEnvironment())).config, folder);
    });
  onServer(program.command('send'))
    .description('send a test event and print the answer')
    .option('--write-key <key>', "a source's write key (default: the first source's)")
    .option('--event <name>', 'name of the track event', 'Test Event')
    .option('--user <id>', 'userId of the event', 'tributary-cli')
    .action(async (options) => sendTestEvent(await client(options), options));
  onServer(program.command('tail'))
    .description('watch the events of a source live; Ctrl-C ends it')
    .argument('[source]', 'id or slug of the source (default: the first)')
    .action(async (source, options) => tailSource(await client(options), source));
  onServer(program.command('replay'))
    .description('send the events of a range to a destination again, beside its live delivery')
    .argument('<destination>', 'id of the destination')
    .requiredOption('--from <time>', 'ISO 8601, events received at or after')
    .option('--to <time>', 'ISO 8601, events received before (default: now)')
    .action(async (destination, options) =>
      startReplay(await client(options), destination, options),
    );
  onServer(program.command('failures'))
    .description('the last failed attempts of a destination, with requests and answers')
    .argument('<destination>', 'id of the destination')
    .action(async (destination, options) => listFailures(await client(options), destination));
  addAlertCommands(program, { onServer, client });
  addDiscardCommands(program, { onServer, client });
  addSourceCommands(program, { onServer, client });
  addDestinationCommands(program, { onServer, client });
  addArchiveCommands(program);
  addWarehouseCommands(program, { onServer, client });
  addFunctionCommands(program, { onServer, client });
  addOAuthCommands(program, { onServer, client });
  addAsCodeCommands(program, { onServer, client });

  await program.parseAsync([...argv]);
}

function onServer(command: Command): Command {
  for (const option of serverOptions) command.addOption(option);
  return command;
}

async function client(options: { url?: string; token?: string }) {
  const { config } = await readConfig(processEnvironment());
  return createClient(config, options);
}

async function validate(): Promise<void> {
  const { config, warnings } = await readConfig(processEnvironment());
  for (const { key, problem } of warnings) process.stdout.write(`warning: ${key} ${problem}\n`);
  process.stdout.write(`${JSON.stringify(maskedConfig(config), null, 2)}\n`);
}
