import type { DiscardCode } from '../../core/discard-codes.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { AcceptedMeta } from '../../core/records.ts';
import type { SourcePolicy } from '../../core/snapshot.ts';
import { isClientSide } from '../client-ip.ts';
import type { BotVerdicts } from './bot-verdicts.ts';

/** Where countries come from. */
interface Countries {
  /** Two letters, or undefined. */
  country(address: string): string | undefined;
}

/** What was found of an event that no person caused. It goes into `context.bot` as it is. */
export type Bot = { readonly kind: 'bot'; readonly match: string } | { readonly kind: 'prefetch' };

/**
 * The policy of one source at work on its events: bots and prefetches are found, the country is written,
 * the address goes where the source keeps none (`SourcePolicy`). Only sources that ask for something have one.
 */
export class EventPolicy {
  readonly #policy: SourcePolicy;
  readonly #bots: BotVerdicts;
  readonly #countries: Countries | undefined;

  constructor(policy: SourcePolicy, bots: BotVerdicts, countries: Countries | undefined) {
    this.#policy = policy;
    this.#bots = bots;
    this.#countries = countries;
  }

  /** What the event is if no person caused it; undefined too when the source does not ask. */
  bot(meta: AcceptedMeta, item: JsonObject, envelope: JsonObject | undefined): Bot | undefined {
    if (this.#policy.bots === undefined) return undefined;
    if (meta.prefetch === true) return { kind: 'prefetch' };
    const agent = agentOf(meta, item['context'], envelope?.['context']);
    const match = agent === undefined ? undefined : this.#bots.match(agent);
    return match === undefined ? undefined : { kind: 'bot', match };
  }

  /** Why the source does not take such an event; undefined when it only wants it marked. */
  refusal(bot: Bot): DiscardCode | undefined {
    if (this.#policy.bots !== 'refuse') return undefined;
    return bot.kind === 'bot' ? 'bot_refused' : 'prefetch_refused';
  }

  /** The context with what the policy writes and without what it takes away. */
  apply(context: JsonObject, meta: AcceptedMeta, bot: Bot | undefined): JsonObject {
    const marked: JsonObject = bot === undefined ? context : { ...context, bot };
    const located = this.#policy.country === true ? this.#withCountry(marked, meta) : marked;
    if (this.#policy.ip !== 'drop' || !Object.hasOwn(located, 'ip')) return located;
    const { ip: _, ...rest } = located;
    return rest;
  }

  #withCountry(context: JsonObject, meta: AcceptedMeta): JsonObject {
    const location = context['location'] ?? {};
    if (!isJsonObject(location) || Object.hasOwn(location, 'country')) return context;
    const address = addressOf(context, meta);
    const country = address === undefined ? undefined : this.#countries?.country(address);
    return country === undefined ? context : { ...context, location: { ...location, country } };
  }
}

/** The user's address: what the event says, else that of the connection if it is the user's own. */
function addressOf(context: JsonObject, meta: AcceptedMeta): string | undefined {
  const ip = context['ip'];
  if (typeof ip === 'string' && ip !== '') return ip;
  return isClientSide(context) ? meta.ip : undefined;
}

/**
 * The user agent that is judged: what the event says of its user, else the header of the request. Not the
 * header of a library that names itself, analytics.js apart: it is the library's own, and lists of bots
 * take every HTTP client for one.
 */
function agentOf(
  meta: AcceptedMeta,
  own: Json | undefined,
  shared: Json | undefined,
): string | undefined {
  const value = (key: string): Json | undefined =>
    (isJsonObject(own) ? own[key] : undefined) ?? (isJsonObject(shared) ? shared[key] : undefined);
  const agent = value('userAgent');
  if (typeof agent === 'string' && agent !== '') return agent;
  const library = value('library');
  const name = isJsonObject(library) ? library['name'] : undefined;
  return name === undefined || name === 'analytics.js' ? meta.ua : undefined;
}
