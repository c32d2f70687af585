import { limits } from '../../core/limits.ts';

/** Finds the part of a user agent that gives a bot away; null when there is none. */
export type BotList = (userAgent: string) => string | null;

/** Which user agents are known bots. The list is loaded on first use, a verdict kept for each agent met. */
export class BotVerdicts {
  readonly #load: () => Promise<BotList>;
  /** Bounded: dropped whole when it is full, as agents come and go. */
  readonly #known = new Map<string, string | null>();
  #list: BotList | undefined;

  constructor(load: () => Promise<BotList> = loadIsbot) {
    this.#load = load;
  }

  /** To be awaited before `match`. */
  async ready(): Promise<void> {
    this.#list ??= await this.#load();
  }

  /** What in the user agent names a bot; undefined for everybody else. */
  match(userAgent: string): string | undefined {
    let verdict = this.#known.get(userAgent);
    if (verdict === undefined) {
      verdict = this.#list?.(userAgent) ?? null;
      if (this.#known.size >= limits.botVerdicts) this.#known.clear();
      this.#known.set(userAgent, verdict);
    }
    return verdict ?? undefined;
  }
}

async function loadIsbot(): Promise<BotList> {
  const { isbotMatch } = await import('isbot');
  return isbotMatch;
}
