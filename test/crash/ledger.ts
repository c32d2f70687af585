import { isJsonObject } from '../../src/core/json.ts';
import { valueAt } from '../rig/api.ts';
import type { Delivery } from '../rig/receiver.ts';
import { checksum, type Step } from './person.ts';

interface Entry {
  readonly person: string;
  readonly sequence: number;
  acknowledged: boolean;
  /** When it first arrived, and when it last did: monotonic milliseconds. */
  firstAt: number;
  lastAt: number;
}

/** What was killed, when, and from when on its successor could have sent something. Monotonic milliseconds. */
interface Death {
  readonly what: string;
  readonly at: number;
  back: number;
}

/** A delivery repeated: how long before the death that excuses it the one before had arrived. */
interface Repeat {
  readonly messageId: string;
  /** Undefined: no process died between the two, so nothing excuses it. */
  readonly beforeDeathMs: number | undefined;
}

export interface Ledger {
  sent(step: Step): void;
  acknowledged(step: Step): void;
  arrived(delivery: Delivery): void;
  /** Something is killed now; call what it returns when the successor is there. */
  died(what: string): () => void;
  /** Acknowledged events that have not arrived. */
  missing(): string[];
  /** Whatever must never happen and did, in words. */
  readonly problems: readonly string[];
  /** Events that arrived after a later one of their person, and whether they had been acknowledged. */
  disorders(): { readonly text: string; readonly acknowledged: boolean }[];
  readonly repeats: readonly Repeat[];
  readonly deaths: readonly Death[];
  counts(): { sent: number; acknowledged: number; arrived: number };
}

/** Books what was sent, what was acknowledged and what arrived, and judges each arrival at once. */
export function ledger(): Ledger {
  const entries = new Map<string, Entry>();
  const reached = new Map<string, number>();
  const problems: string[] = [];
  const late: { readonly text: string; readonly entry: Entry }[] = [];
  const repeats: Repeat[] = [];
  const deaths: Death[] = [];

  const first = (entry: Entry, messageId: string) => {
    const before = reached.get(entry.person) ?? -1;
    if (entry.sequence < before) {
      late.push({ text: `${messageId} arrived after ${entry.person}-${before}`, entry });
    }
    reached.set(entry.person, Math.max(before, entry.sequence));
  };
  const again = (entry: Entry, messageId: string, at: number) => {
    // What was sent just before a kill may be read from the socket a little after it.
    const death = deaths.find((one) => one.back >= entry.lastAt && one.at <= at);
    repeats.push({ messageId, beforeDeathMs: death && Math.max(0, death.at - entry.lastAt) });
  };

  return {
    problems,
    disorders: () => late.map(({ text, entry }) => ({ text, acknowledged: entry.acknowledged })),
    repeats,
    deaths,
    sent: ({ messageId, person, sequence }) => {
      entries.set(messageId, { person, sequence, acknowledged: false, firstAt: 0, lastAt: 0 });
    },
    acknowledged: ({ messageId }) => {
      const entry = entries.get(messageId);
      if (entry) entry.acknowledged = true;
    },
    died: (what) => {
      const death = { what, at: performance.now(), back: Number.POSITIVE_INFINITY };
      deaths.push(death);
      return () => {
        death.back = performance.now();
      };
    },
    arrived: ({ event, at }) => {
      const messageId = String(event['messageId']);
      const entry = entries.get(messageId);
      const mark = valueAt(event, 'context.mark');
      if (!entry || !isJsonObject(mark) || mark['sum'] !== checksum(messageId)) {
        problems.push(`${messageId} arrived but was never sent so: ${JSON.stringify(event)}`);
      } else {
        if (entry.firstAt === 0) first(entry, messageId);
        else again(entry, messageId, at);
        entry.firstAt ||= at;
        entry.lastAt = at;
      }
    },
    missing: () =>
      [...entries].filter(([, one]) => one.acknowledged && one.firstAt === 0).map(([id]) => id),
    counts: () => ({
      sent: entries.size,
      acknowledged: [...entries.values()].filter((one) => one.acknowledged).length,
      arrived: [...entries.values()].filter((one) => one.firstAt > 0).length,
    }),
  };
}
