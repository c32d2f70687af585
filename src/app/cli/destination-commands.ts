import type { Command } from 'commander';
import { destinationSubscriptions } from './client-settings.ts';
import {
  connectAudience,
  destinationAudiences,
  destinationHooks,
  destinationLimits,
  fieldChoices,
} from './destinations.ts';
import { choice, jsonArgument, type ServerCommands } from './source-commands.ts';
import { destinationPolicy } from './source-settings.ts';

const destinationArgument = ['<destination>', 'id of the destination'] as const;

/** `tributary destination …`. */
export function addDestinationCommands(
  program: Command,
  { onServer, client }: ServerCommands,
): void {
  const destination = program
    .command('destination')
    .description('policy, limits, audiences and fields of destinations');
  onServer(destination.command('policy'))
    .description('show whose events a destination takes and the consent it needs, or set it')
    .argument(...destinationArgument)
    .addOption(choice('--takes <what>', 'whose events it takes', ['live', 'test', 'all']))
    .option('--consent <categories>', 'what a user must have consented to: `C1,C2`, or `none`')
    .action(async (id, options) => destinationPolicy(await client(options), id, options));
  onServer(destination.command('limits'))
    .description('show the limits of deliveries to a destination, or set them; `none` is no limit')
    .argument(...destinationArgument)
    .option('--requests-per-second <count>', 'attempts a second: events, or batches')
    .option('--concurrency <count>', 'attempts under way at once, at most 64')
    .action(async (id, options) => destinationLimits(await client(options), id, options));
  onServer(destination.command('subscriptions'))
    .description('show when a destination in the browser does what, or set it')
    .argument(...destinationArgument)
    .argument('[subscriptions]', jsonArgument)
    .action(async (id, value, options) =>
      destinationSubscriptions(await client(options), id, value),
    );
  onServer(destination.command('choices'))
    .description('what the vendor offers for a dynamic field of a subscription')
    .argument(...destinationArgument)
    .argument('<subscription>', 'id of the subscription')
    .argument('<field>', 'its key; `onMappingSave.<input>` is an input of a hook')
    .option('--page <page>', 'the `nextPage` of the last answer')
    .action(async (id, subscription, field, options) =>
      fieldChoices(await client(options), id, subscription, { field, page: options.page }),
    );
  onServer(destination.command('hooks'))
    .description('what a kind does at its vendor when a mapping is saved or an audience connected')
    .argument('<kind>', 'id or slug of the kind of destination')
    .action(async (kind, options) => destinationHooks(await client(options), kind));
  onServer(destination.command('audiences'))
    .description('the audiences connected to a destination, with their ids at the vendor')
    .argument(...destinationArgument)
    .action(async (id, options) => destinationAudiences(await client(options), id));
  onServer(destination.command('connect-audience'))
    .description('connect an audience to a destination; its vendor is asked to make it')
    .argument(...destinationArgument)
    .argument('<audience>', 'key of the audience')
    .option('--settings <json>', 'settings of the audience: see `hooks`')
    .option('--external-id <id>', 'what it is at the vendor already')
    .option('--remove', 'connected no longer')
    .action(async (id, audience, options) =>
      connectAudience(await client(options), id, audience, options),
    );
}
