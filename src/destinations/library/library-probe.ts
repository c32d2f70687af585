import type { Clock } from '../../core/clock.ts';
import type { DestinationProbe, Probed } from '../../core/destination-probe.ts';
import type { Http } from '../../core/http.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import { LibraryAccount } from './lane/library-account.ts';
import { readLibraryEntries } from './library-destinations.ts';
import { ownConnections } from './own-connections.ts';
import { triggerProblem } from './package/trigger-problem.ts';
import { askAudience } from './probe/ask-audience.ts';
import { hookField, inputsOf, runHook } from './probe/run-hook.ts';
import { messageOf, oauthOf } from './probe/vendor-answer.ts';
import { settingsProblem } from './settings-problem.ts';
import { splitOAuth } from './tokens/oauth-settings.ts';
import { StoredTokens } from './tokens/stored-tokens.ts';
import type { TokenStore } from './tokens/token-store.ts';

export interface LibraryProbeOptions {
  readonly http: Http;
  readonly clock: Clock;
  /** Tokens are read, never refreshed: that is the worker's. */
  readonly tokens: Pick<TokenStore, 'read'>;
}

/** Asks the vendors of the library's destinations; its code loads with the first question. */
export function createLibraryProbe({ http, clock, tokens }: LibraryProbeOptions): DestinationProbe {
  const context = { http, signal: new AbortController().signal, now: clock.now };

  async function account({ id, slug, settings }: Probed) {
    const entry = (await readLibraryEntries()).find((one) => one.slug === slug);
    if (entry === undefined) return { problem: '' };
    if (ownConnections[slug] !== undefined) return { problem: '' };
    const problem = settingsProblem(entry.options, settings);
    if (problem !== undefined) return { problem };
    const split = splitOAuth(settings);
    const keeper = new StoredTokens(id, split.tokens, { ...tokens, write: async () => undefined });
    const reading = {
      current: () => keeper.current(),
      refresh: () => Promise.resolve('none' as const),
    };
    return {
      account: new LibraryAccount(entry.directory, split.settings, { clock, tokens: reading }),
    };
  }

  return {
    async test(probed) {
      const { account: own, problem = '' } = await account(probed);
      if (own === undefined) {
        return problem === '' ? { state: 'UNKNOWN' } : { state: 'FAILED', message: problem };
      }
      const tested = await own.call(context, {}, async (destination, { settings, auth }) => {
        if (destination.definition.authentication?.testAuthentication === undefined) return false;
        const oauth = oauthOf(auth);
        // It wraps whatever goes wrong in an error of its own.
        return await destination.testAuthentication({ ...settings, oauth }).then(
          () => true,
          (error: unknown) => (error instanceof Error ? error.message : String(error)),
        );
      });
      if (!tested.ok) return { state: 'FAILED', message: messageOf(tested.result) };
      if (typeof tested.value === 'string') return { state: 'FAILED', message: tested.value };
      return { state: tested.value ? 'CONNECTED' : 'UNKNOWN' };
    },

    async triggerProblem(slug, trigger) {
      const isOurs = (await readLibraryEntries()).some((one) => one.slug === slug);
      return isOurs ? triggerProblem(trigger) : undefined;
    },

    async runHook(probed, call) {
      const { account: own, problem = '' } = await account(probed);
      if (own === undefined) return unasked(problem);
      return await runHook(own, context, call);
    },

    async audience(probed, audience) {
      const { account: own, problem = '' } = await account(probed);
      if (own === undefined) return unasked(problem);
      return await askAudience(own, context, audience);
    },

    async choices(probed, { action, key, page }, mapping) {
      const { account: own, problem = 'Its choices cannot be asked for from here' } =
        await account(probed);
      if (own === undefined) return { choices: [], error: problem };
      try {
        const asked = await own.call(context, mapping, (destination, { settings, auth }) => {
          const ofHook = hookField(own.action(action), key);
          const data = {
            ...{ settings, auth, payload: mapping, features: {} },
            ...(page !== undefined && { page }),
            ...(ofHook !== undefined && { hookInputs: inputsOf(mapping, ofHook.hook) }),
          };
          return destination.executeDynamicField(
            action,
            ofHook?.field ?? key,
            data,
            ofHook?.dynamic,
          );
        });
        if (!asked.ok) return { choices: [], error: messageOf(asked.result) };
        return readChoices(asked.value);
      } catch (error) {
        return { choices: [], error: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}

function unasked(problem: string) {
  return problem === ''
    ? ({ state: 'unsupported' } as const)
    : ({ state: 'failed', message: problem } as const);
}

/** What definitions answer: `{choices: [{label, value}], nextPage?, error?: {message}}`. */
function readChoices(value: unknown) {
  if (!isJsonObject(value)) return { choices: [] };
  const { choices, nextPage, error } = value;
  const list: readonly Json[] = Array.isArray(choices) ? choices : [];
  return {
    choices: list.filter(isJsonObject).map((one) => ({
      label: String(one['label'] ?? one['value']),
      value: String(one['value']),
    })),
    ...(typeof nextPage === 'string' && nextPage !== '' && { nextPage }),
    ...(isJsonObject(error) && { error: String(error['message']) }),
  };
}
