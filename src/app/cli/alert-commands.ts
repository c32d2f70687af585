import { type Command, Option } from 'commander';
import { changeAlert, createAlert, listAlerts, removeAlert, showAlert } from './alerts.ts';
import type { ServerCommands } from './source-commands.ts';

const id = ['<id>', 'id of the alert'] as const;

/** `tributary alerts …`. */
export function addAlertCommands(program: Command, { onServer, client }: ServerCommands): void {
  const alerts = program.command('alerts').description('bounds that are watched, and who is told');
  onServer(alerts.command('list'))
    .description('list the alerts, with what was measured last')
    .action(async (options) => listAlerts(await client(options)));
  withBounds(onServer(alerts.command('create')))
    .description('watch the success rate or lag of a destination, or the volume of a source')
    .argument('<name>', 'what to call it')
    .addOption(
      new Option('--metric <metric>', 'what to measure')
        .choices(['success-rate', 'lag-seconds', 'volume'])
        .makeOptionMandatory(),
    )
    .option('--source <source>', 'the source, for volume, by id or slug')
    .option('--destination <destination>', 'the destination, for the others, by id or name')
    .action(async (name, options) => createAlert(await client(options), name, options));
  onServer(alerts.command('show'))
    .description('show an alert')
    .argument(...id)
    .action(async (of, options) => showAlert(await client(options), of));
  withBounds(onServer(alerts.command('set')))
    .description('change an alert')
    .argument(...id)
    .option('--name <name>', 'what to call it')
    .option('--on', 'measure it')
    .option('--off', 'do not')
    .action(async (of, options) => changeAlert(await client(options), of, options));
  onServer(alerts.command('remove'))
    .description('remove an alert')
    .argument(...id)
    .action(async (of, options) => removeAlert(await client(options), of));
}

function withBounds(command: Command): Command {
  return command
    .option('--below <figure>', 'less than this is out of bounds; none: nothing is')
    .option('--above <figure>', 'more than this is; none: nothing is')
    .option('--window <minutes>', 'the minutes that are counted together (default: 5)')
    .option('--webhook <url>', 'whom to tell; none: the log alone');
}
