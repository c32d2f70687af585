import type { Clock } from '../../../core/clock.ts';
import type { DeliveryResult, SendContext } from '../../../core/destination.ts';
import type { Http } from '../../../core/http.ts';
import type { JsonObject } from '../../../core/json.ts';
import { limits } from '../../../core/limits.ts';
import { throughHttp } from '../fetch/library-fetch.ts';
import {
  type ActionInput,
  loadDestination,
  type PackageAction,
  type PackageDestination,
  type Tokens,
} from '../package/library-package.ts';
import { givenSettings } from '../settings-problem.ts';
import type { Refreshed, TokenKeeper } from '../tokens/token-keeper.ts';
import { resultOfFailure } from './result-of-failure.ts';
import { within } from './within.ts';

export type CallContext = Pick<SendContext, 'signal' | 'now'> & { readonly http: Http };

/** What one call into the library came to. */
export type CallResult<Value> =
  | { readonly ok: true; readonly value: Value; readonly status: number | undefined }
  | { readonly ok: false; readonly result: DeliveryResult };

/**
 * A destination of the library with the settings of one connection: loads its code with the first call, and runs every
 * call over our HTTP, bounded in time, with a fresh access token where the vendor says that the last one is over.
 */
export class LibraryAccount {
  readonly #directory: string;
  readonly #settings: JsonObject;
  readonly #clock: Clock;
  readonly #tokens: TokenKeeper;
  #loaded: { readonly destination: PackageDestination; readonly problem: string } | undefined;

  constructor(
    directory: string,
    settings: JsonObject,
    { clock, tokens }: { readonly clock: Clock; readonly tokens: TokenKeeper },
  ) {
    this.#directory = directory;
    this.#settings = givenSettings(settings);
    this.#clock = clock;
    this.#tokens = tokens;
  }

  /** What the definition says of an action; undefined when it has no such. */
  action(slug: string): PackageAction | undefined {
    return this.#load().destination.definition.actions[slug];
  }

  /** Rejects only with what is a bug of the definition. */
  async call<Value>(
    context: CallContext,
    mapping: JsonObject,
    work: (destination: PackageDestination, input: ActionInput) => Promise<Value>,
    isUnauthorized: (value: Value) => boolean = () => false,
  ): Promise<CallResult<Value>> {
    const { destination, problem } = this.#load();
    if (problem !== '') {
      return { ok: false, result: { kind: 'discard', code: 'invalid_settings', message: problem } };
    }
    const once = async (auth: Tokens): Promise<CallResult<Value>> => {
      const input = {
        mapping,
        settings: { ...this.#settings },
        auth,
        features: {},
        statsContext: { statsClient, tags: [] },
        subscriptionMetadata: {},
      };
      return await this.#run(context, () => work(destination, input));
    };
    const used = await this.#tokens.current();
    const first = await once(used);
    const isOver = first.ok ? isUnauthorized(first.value) : first.result.status === 401;
    if (!isOver) return first;
    const refreshed = await this.#refresh(context, destination, used);
    if (refreshed === 'none') return first;
    if (refreshed !== 'refreshed') return { ok: false, result: refreshed };
    return await once(await this.#tokens.current());
  }

  async #refresh(
    context: CallContext,
    destination: PackageDestination,
    used: Tokens,
  ): Promise<Refreshed> {
    if (destination.definition.authentication?.refreshAccessToken === undefined) return 'none';
    return await this.#tokens.refresh(used, async (tokens) => {
      const made = await this.#run(context, () =>
        destination.refreshAccessToken({ ...this.#settings }, tokens),
      );
      return made.ok ? { ok: true, tokens: made.value } : made;
    });
  }

  async #run<Value>(context: CallContext, work: () => Promise<Value>): Promise<CallResult<Value>> {
    const call = { http: context.http, signal: context.signal, status: undefined };
    try {
      const run = throughHttp(call, work);
      const value = await within(this.#clock, limits.libraryCallMs, run);
      return { ok: true, value, status: call.status };
    } catch (error) {
      const result = resultOfFailure(error, context.now());
      if (result === undefined) throw error;
      return { ok: false, result };
    }
  }

  #load() {
    if (this.#loaded === undefined) {
      const destination = loadDestination(this.#directory);
      this.#loaded = { destination, problem: problemOf(destination, this.#settings) };
    }
    return this.#loaded;
  }
}

const count = () => undefined;
/** What the library counts for its host: definitions call it without asking whether it is there. */
const statsClient = { incr: count, observe: count, set: count, histogram: count };

/** What the definition's own schema says of the settings. */
function problemOf(destination: PackageDestination, settings: JsonObject): string {
  try {
    destination.validateSettings({ ...settings });
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
