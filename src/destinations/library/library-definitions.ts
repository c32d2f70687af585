import type { Clock } from '../../core/clock.ts';
import type { DestinationDefinition, LaneOwner, LaneResult } from '../../core/destination.ts';
import { eventTypes } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import { deleteUser } from './delete-user.ts';
import { LibraryAccount } from './lane/library-account.ts';
import { libraryLane } from './lane/library-lane.ts';
import { type LibraryEntry, readLibraryEntries } from './library-destinations.ts';
import { ownConnections } from './own-connections.ts';
import { settingsProblem } from './settings-problem.ts';
import { splitOAuth } from './tokens/oauth-settings.ts';
import { StoredTokens } from './tokens/stored-tokens.ts';
import type { TokenStore } from './tokens/token-store.ts';

export interface LibraryOptions {
  readonly clock: Clock;
  readonly tokens: TokenStore;
  /** Slugs of the destinations that may make connections of their own. */
  readonly ownConnections: ReadonlySet<string>;
}

/** The destinations of `@segment/action-destinations`, delivered to by their own code, which is loaded with the first event. */
export async function libraryDefinitions(
  options: LibraryOptions,
): Promise<readonly DestinationDefinition[]> {
  const entries = await readLibraryEntries();
  return entries.map(({ directory, ...kind }) => ({
    ...kind,
    // A subscription may take what no preset speaks of.
    supports: eventTypes,
    lanes: (settings, owner) => lanesOf({ directory, ...kind }, settings, owner, options),
    deleteUser: async ({ id, settings }, user, context) => {
      const opened = accountOf({ directory, ...kind }, settings, id, options);
      if (!opened.ok) return { state: 'failed', message: opened.problem, retry: false };
      return await deleteUser(opened.account, user, context, options.clock);
    },
  }));
}

function lanesOf(
  entry: LibraryEntry,
  settings: JsonObject,
  { connection, subscriptions, audiences }: LaneOwner,
  options: LibraryOptions,
): LaneResult {
  const opened = accountOf(entry, settings, connection, options);
  if (!opened.ok) return opened;
  return { ok: true, lanes: [libraryLane(opened.account, subscriptions, audiences)] };
}

function accountOf(
  { directory, slug, name, options }: LibraryEntry,
  settings: JsonObject,
  connection: string,
  { clock, tokens, ownConnections: allowed }: LibraryOptions,
):
  | { readonly ok: true; readonly account: LibraryAccount }
  | { readonly ok: false; readonly problem: string } {
  const how = ownConnections[slug];
  if (how !== undefined && !allowed.has(slug)) {
    const problem = `${name} connects with ${how}, past the guard of targets: name "${slug}" in TRIBUTARY_OWN_CONNECTIONS to allow it`;
    return { ok: false, problem };
  }
  const problem = settingsProblem(options, settings);
  if (problem !== undefined) return { ok: false, problem };
  const split = splitOAuth(settings);
  const keeper = new StoredTokens(connection, split.tokens, tokens);
  return {
    ok: true,
    account: new LibraryAccount(directory, split.settings, { clock, tokens: keeper }),
  };
}
