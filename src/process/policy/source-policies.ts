import { limits } from '../../core/limits.ts';
import type { Logger } from '../../core/logger.ts';
import type { Snapshot, SnapshotHolder } from '../../core/snapshot.ts';
import { BotVerdicts } from './bot-verdicts.ts';
import type { CountryTable } from './country-table.ts';
import { EventPolicy } from './event-policy.ts';

export interface SourcePoliciesDeps {
  readonly snapshot: SnapshotHolder;
  readonly logger: Logger;
  /** Reads the country table, once for all. Rejects when there is none. */
  loadCountries(): Promise<CountryTable>;
  readonly bots?: BotVerdicts;
}

/** The policies and limits of all sources that have some. What they need is loaded when the first of them needs it. */
export class SourcePolicies {
  readonly #deps: SourcePoliciesDeps;
  readonly #bots: BotVerdicts;
  #snapshot: Snapshot | undefined;
  #policies: ReadonlyMap<string, EventPolicy> = new Map();
  /** Of sources that have a figure of their own. */
  #eventBytes: ReadonlyMap<string, number> = new Map();

  constructor(deps: SourcePoliciesDeps) {
    this.#deps = deps;
    this.#bots = deps.bots ?? new BotVerdicts();
  }

  /** Takes the configuration as it is now. To be awaited before each batch; undefined when nothing changed. */
  refresh(): Promise<void> | undefined {
    const { current } = this.#deps.snapshot;
    return current === this.#snapshot ? undefined : this.#take(current);
  }

  of(source: string): EventPolicy | undefined {
    return this.#policies.get(source);
  }

  /** Bytes that one event of the source may have. */
  eventBytes(source: string): number {
    return this.#eventBytes.get(source) ?? limits.eventBytes;
  }

  async #take(snapshot: Snapshot): Promise<void> {
    const asked = snapshot.sources.flatMap(({ id, policy }) =>
      policy === undefined ? [] : [{ id, policy }],
    );
    if (asked.some(({ policy }) => policy.bots !== undefined)) await this.#bots.ready();
    const wantsCountries = asked.some(({ policy }) => policy.country === true);
    const countries = wantsCountries ? await this.#loadCountries() : undefined;
    this.#policies = new Map(
      asked.map(({ id, policy }) => [id, new EventPolicy(policy, this.#bots, countries)]),
    );
    this.#eventBytes = new Map(
      snapshot.sources.flatMap(({ id, limits: { eventBytes } }) =>
        eventBytes === undefined ? [] : [[id, eventBytes] as const],
      ),
    );
    this.#snapshot = snapshot;
  }

  /** Without the table events go on without a country: it is no reason to hold them up. */
  async #loadCountries(): Promise<CountryTable | undefined> {
    try {
      return await this.#deps.loadCountries();
    } catch (err) {
      this.#deps.logger.error({ err }, 'the country table cannot be read; events get no country');
      return undefined;
    }
  }
}
