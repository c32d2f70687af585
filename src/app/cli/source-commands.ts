import { type Command, Option } from 'commander';
import type { Client } from './client.ts';
import { clientSettings } from './client-settings.ts';
import { addKey, expireKey, listKeys, removeKey, rotateKey } from './source-keys.ts';
import { sourceLimits, sourcePolicy, sourceRegion } from './source-settings.ts';
import { listSources } from './sources.ts';

/** How a command finds its server. */
export interface ServerCommands {
  /** Adds the options that say which server. */
  onServer(command: Command): Command;
  client(options: { url?: string; token?: string }): Promise<Client>;
}

const sourceArgument = ['<source>', 'id or slug of the source'] as const;
const keyArgument = ['<key>', 'the write key'] as const;
export const jsonArgument = 'JSON, `@file` with JSON, or `default`';

/** `tributary source …`. */
export function addSourceCommands(program: Command, { onServer, client }: ServerCommands): void {
  const source = program.command('source').description('keys, limits and policy of sources');
  onServer(source.command('list'))
    .description('list the sources')
    .action(async (options) => listSources(await client(options)));
  onServer(source.command('keys'))
    .description('list the write keys with mode, expiry and last use')
    .argument(...sourceArgument)
    .action(async (name, options) => listKeys(await client(options), name));
  onServer(source.command('add-key'))
    .description('add a write key; the others stay valid')
    .argument(...sourceArgument)
    .option('--key <key>', 'one that clients carry already; without it a new one is made')
    .option('--test', 'its events are test events')
    .option('--name <name>', 'what to call it')
    .option('--expires <when>', 'ISO 8601, or a duration from now like 24h', 'never')
    .action(async (name, options) => addKey(await client(options), name, options));
  onServer(source.command('expire-key'))
    .description('set when a write key expires')
    .argument(...sourceArgument)
    .argument(...keyArgument)
    .argument('<when>', 'ISO 8601, a duration from now like 24h, or never')
    .action(async (name, key, when, options) => expireKey(await client(options), name, key, when));
  onServer(source.command('remove-key'))
    .description('refuse a write key from now on')
    .argument(...sourceArgument)
    .argument(...keyArgument)
    .action(async (name, key, options) => removeKey(await client(options), name, key));
  onServer(source.command('rotate-key'))
    .description('add a live write key and let the live ones so far expire')
    .argument(...sourceArgument)
    .option('--overlap <when>', 'how long the old ones stay valid', '24h')
    .action(async (name, options) => rotateKey(await client(options), name, options.overlap));
  onServer(source.command('limits'))
    .description('show the limits of a source, or set them; `default` is that of the server')
    .argument(...sourceArgument)
    .option('--requests-per-second <count>', 'requests a second; 0 is off')
    .option('--request-bytes <count>', 'bytes of a batch request')
    .option('--event-bytes <count>', 'bytes of one event')
    .option('--batch-events <count>', 'events in one batch')
    .action(async (name, options) => sourceLimits(await client(options), name, options));
  onServer(source.command('policy'))
    .description('show what a source does about bots, addresses and countries, or set it')
    .argument(...sourceArgument)
    .addOption(choice('--bots <what>', 'known bots and prefetches', ['allow', 'mark', 'refuse']))
    .addOption(choice('--ip <what>', "clients' addresses", ['keep', 'anonymize', 'drop']))
    .addOption(choice('--country <on|off>', "the country of a client's address", ['on', 'off']))
    .action(async (name, options) => sourcePolicy(await client(options), name, options));
  onServer(source.command('region'))
    .description('show the region that takes the events of a source, or set it; `any` marks none')
    .argument(...sourceArgument)
    .argument('[region]', '`us`, `eu`, …, or `any`')
    .action(async (name, region, options) => sourceRegion(await client(options), name, region));
  onServer(source.command('client-settings'))
    .description('show what the SDKs of a source are told beyond the defaults, or change it')
    .argument(...sourceArgument)
    .argument('[name]', '`plan`, `httpConfig`, `deliveryStrategy`, …')
    .argument('[value]', `${jsonArgument}: merged into what is set`)
    .action(async (source, name, value, options) =>
      clientSettings(await client(options), source, name, value),
    );
}

export function choice(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).choices([...choices]);
}
