import type { LogEngine, LogReader } from '../../core/event-log.ts';
import { valueAt } from '../../core/event-paths.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { type EventMeta, recordKinds } from '../../core/records.ts';

/** How events of one kind broke their tracking plan in one way. */
export interface ViolationGroup {
  /** Type of the call, and name of the event of a track call. */
  readonly eventType: string;
  readonly event: string | undefined;
  readonly type: string;
  readonly field: string;
  readonly description: string;
  readonly count: number;
  /** receivedAt of the last one, ms, and its messageId. */
  readonly lastAt: number;
  readonly lastMessageId: string;
}

export interface Violations {
  /** The most frequent first. */
  readonly groups: readonly ViolationGroup[];
  /** False: there is more than one request reads, or than is told apart. */
  readonly isComplete: boolean;
}

/**
 * The violations of a source's events since a time, as they stand in the log `events`: of those that passed. What was blocked
 * stands among the discards.
 */
export async function readViolations(
  logs: LogEngine,
  source: string,
  since: number,
): Promise<Violations> {
  const counting = new Counting(since);
  for (let partition = 0; partition < logs.partitions; partition += 1) {
    const reader = await logs.openReader('events', partition);
    try {
      await counting.read(reader, source);
    } finally {
      await reader.close();
    }
  }
  return counting.end();
}

const marker = '"violations":';

class Counting {
  readonly #since: number;
  readonly #groups = new Map<string, ViolationGroup>();
  #bytesLeft: number = limits.discardScanBytes;
  #isComplete = true;

  constructor(since: number) {
    this.#since = since;
  }

  async read(reader: LogReader, source: string): Promise<void> {
    for (let position = await reader.offsetAt(this.#since); ; ) {
      if (this.#bytesLeft <= 0) {
        this.#isComplete = false;
        return;
      }
      const { records, next } = await reader.read(position, { source });
      for (const { kind, meta, body } of records) {
        this.#bytesLeft -= body.length + meta.length;
        if (kind === recordKinds.event && body.includes(marker)) this.#add(meta, body.toString());
      }
      if (next === position) return;
      position = next;
    }
  }

  end(): Violations {
    const groups = [...this.#groups.values()].sort((a, b) => b.count - a.count);
    const isComplete = this.#isComplete && groups.length <= limits.pageCountMost;
    return { groups: groups.slice(0, limits.pageCountMost), isComplete };
  }

  #add(metaText: string, text: string): void {
    const meta: EventMeta = JSON.parse(metaText);
    if (meta.t < this.#since) return;
    const event: JsonObject = JSON.parse(text);
    const violations = valueAt(event, ['context', 'protocols', 'violations']);
    if (!Array.isArray(violations)) return;
    for (const violation of violations)
      if (isJsonObject(violation)) this.#count(meta, event, violation);
  }

  #count({ t, id, type: eventType }: EventMeta, event: JsonObject, violation: JsonObject): void {
    const name = eventType === 'track' ? textOf(event['event']) : undefined;
    const { type, field, description } = violation;
    const key = JSON.stringify([eventType, name, type, field, description]);
    const known = this.#groups.get(key);
    if (known === undefined && this.#groups.size >= 2 * limits.pageCountMost) {
      this.#isComplete = false;
      return;
    }
    this.#groups.set(key, {
      ...{ eventType, event: name, type: textOf(type) ?? '', field: textOf(field) ?? '' },
      ...{ description: textOf(description) ?? '', count: (known?.count ?? 0) + 1 },
      ...(known !== undefined && known.lastAt > t
        ? { lastAt: known.lastAt, lastMessageId: known.lastMessageId }
        : { lastAt: t, lastMessageId: id }),
    });
  }
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
