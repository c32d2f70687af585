import { Argument, type Command, Option } from 'commander';
import { oauthScopes, tokenLifetimes } from '../../core/oauth.ts';
import {
  addAppKey,
  changeApp,
  connectApp,
  createApp,
  listApps,
  removeApp,
  removeAppKey,
  requireOAuth,
  revokeToken,
  revokeTokens,
  showApp,
} from './oauth-apps.ts';
import type { ServerCommands } from './source-commands.ts';

const app = ['<app>', 'id or name of the OAuth app'] as const;
const source = ['<source>', 'id or slug of the source'] as const;

/** `tributary oauth …`. */
export function addOAuthCommands(program: Command, { onServer, client }: ServerCommands): void {
  const oauth = program.command('oauth').description('OAuth apps and who must use them');
  onServer(oauth.command('list'))
    .description('list the OAuth apps')
    .action(async (options) => listApps(await client(options)));
  withSettings(onServer(oauth.command('create')))
    .description('make an OAuth app; its id is the client id')
    .argument('<name>', 'what to call it')
    .option('--public-key <file>', 'its RSA public key, PEM')
    .option('--key-name <name>', 'what to call the key')
    .option('--source <source...>', 'sources it may write to')
    .action(async (name, options) => createApp(await client(options), name, options));
  onServer(oauth.command('show'))
    .description('show an OAuth app with its keys and sources')
    .argument(...app)
    .action(async (named, options) => showApp(await client(options), named));
  withSettings(onServer(oauth.command('set')))
    .description('change an OAuth app')
    .argument(...app)
    .option('--name <name>', 'what to call it')
    .action(async (named, options) => changeApp(await client(options), named, options));
  onServer(oauth.command('add-key'))
    .description('add a second public key, to rotate; both hold')
    .argument(...app)
    .argument('<file>', 'RSA public key, PEM')
    .option('--name <name>', 'what to call it')
    .action(async (named, file, options) => addAppKey(await client(options), named, file, options));
  onServer(oauth.command('remove-key'))
    .description('remove a public key; the tokens given for it are refused from now on')
    .argument(...app)
    .argument('<key>', 'id of the key')
    .action(async (named, key, options) => removeAppKey(await client(options), named, key));
  onServer(oauth.command('connect'))
    .description('let an OAuth app write to a source')
    .argument(...app)
    .argument(...source)
    .action(async (named, to, options) => connectApp(await client(options), named, to, true));
  onServer(oauth.command('disconnect'))
    .description('let an OAuth app no longer write to a source')
    .argument(...app)
    .argument(...source)
    .action(async (named, to, options) => connectApp(await client(options), named, to, false));
  onServer(oauth.command('require'))
    .description('show whether a source takes events only with an access token, or set it')
    .argument(...source)
    .addArgument(new Argument('[on|off]', 'a write key alone is refused').choices(['on', 'off']))
    .action(async (of, set, options) => requireOAuth(await client(options), of, set));
  onServer(oauth.command('revoke-tokens'))
    .description('refuse every access token that an OAuth app holds')
    .argument(...app)
    .action(async (named, options) => revokeTokens(await client(options), named));
  onServer(oauth.command('revoke-token'))
    .description('refuse one access token')
    .argument('<access token>', 'the token')
    .action(async (token, options) => revokeToken(await client(options), token));
  onServer(oauth.command('remove'))
    .description('remove an OAuth app with its keys; its tokens are refused from now on')
    .argument(...app)
    .action(async (named, options) => removeApp(await client(options), named));
}

function withSettings(command: Command): Command {
  return command
    .addOption(
      new Option('--scope <scope...>', 'what its tokens may be good for').choices(oauthScopes),
    )
    .addOption(
      new Option('--token-lifetime <time>', 'how long its tokens hold').choices(
        Object.keys(tokenLifetimes),
      ),
    );
}
