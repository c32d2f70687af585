import { discardTable } from '../../core/discard-codes.ts';
import type { Count } from '../../core/usage/count-list.ts';
import type { ReadContext } from '../context.ts';
import { readRecords, type UsageOwner } from './read-records.ts';
import { timesOf, type UsageRange } from './usage-range.ts';

export const dimensions = [
  'source',
  'eventName',
  'eventType',
  'discardReason',
  'appVersion',
] as const;
export type Dimension = (typeof dimensions)[number];

/** Only what is named; an absent list names everything. */
export type UsageFilter = Readonly<
  Partial<
    Record<
      'eventName' | 'eventType' | 'discardReason' | 'appVersion',
      readonly string[] | undefined
    >
  >
>;

export interface UsageQuestion {
  readonly owner: UsageOwner;
  readonly range: UsageRange;
  /** What is to be counted at all. */
  counts(count: Count): boolean;
  readonly filter: UsageFilter;
  readonly groupBy: readonly Dimension[];
}

interface UsagePoint {
  readonly time: number;
  readonly count: number;
  readonly retries: number;
}

export interface UsageGroup {
  /** What the group has in common; a dimension that says nothing of an event is absent. */
  readonly labels: Readonly<Partial<Record<Dimension, string>>>;
  readonly total: number;
  readonly retries: number;
  /** One for each span of the range, zeros too. */
  readonly points: readonly UsagePoint[];
}

/**
 * The counts of a question in groups, in the order of their labels. Asked for no groups, there is one, though it be
 * of nothing.
 */
export async function groupUsage(
  context: Pick<ReadContext, 'environment'>,
  { owner, range, counts, filter, groupBy }: UsageQuestion,
): Promise<readonly UsageGroup[]> {
  const groups = new Map<string, Group>();
  const groupOf = (labels: readonly string[]): Group => {
    const key = JSON.stringify(labels);
    const held = groups.get(key);
    if (held !== undefined) return held;
    const made = new Group(groupBy, labels, range);
    groups.set(key, made);
    return made;
  };
  if (groupBy.length === 0) groupOf([]);
  for await (const { source, time, record } of readRecords(context, owner, range)) {
    for (const one of record.counts) {
      if (!counts(one) || !isWanted(one, filter)) continue;
      groupOf(groupBy.map((dimension) => labelOf(dimension, source, one))).add(time, one);
    }
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

/** Events that ingest took, and did not have before. */
export function isReceived({ outcome, code }: Count): boolean {
  return outcome === 'event' || (stageOf(code) === 'process' && code !== 'duplicate');
}

/**
 * Where an event of a source was given up, before its destinations: what functions of the source give up has codes of
 * deliver and belongs to process. Undefined for none, and for a code that is no longer known.
 */
export function stageOf(code: string): 'ingest' | 'process' | undefined {
  const stage = Object.entries(discardTable).find(([known]) => known === code)?.[1].stage;
  return stage === 'deliver' ? 'process' : stage;
}

class Group implements UsageGroup {
  readonly labels: Partial<Record<Dimension, string>> = {};
  total = 0;
  retries = 0;
  readonly #range: UsageRange;
  readonly #points = new Map<number, { count: number; retries: number }>();

  constructor(groupBy: readonly Dimension[], values: readonly string[], range: UsageRange) {
    this.#range = range;
    for (const [at, dimension] of groupBy.entries()) {
      const value = values[at];
      if (value !== undefined && value !== '') this.labels[dimension] = value;
    }
  }

  add(time: number, { count, retries }: Count): void {
    this.total += count;
    this.retries += retries;
    const before = this.#points.get(time) ?? { count: 0, retries: 0 };
    this.#points.set(time, { count: before.count + count, retries: before.retries + retries });
  }

  get points(): readonly UsagePoint[] {
    return timesOf(this.#range).map((time) => ({
      time,
      ...(this.#points.get(time) ?? { count: 0, retries: 0 }),
    }));
  }
}

function isWanted(count: Count, filter: UsageFilter): boolean {
  const { eventName, eventType, discardReason, appVersion } = filter;
  return (
    (eventName?.includes(count.name) ?? true) &&
    (eventType?.includes(count.type) ?? true) &&
    (discardReason?.includes(count.code) ?? true) &&
    (appVersion?.includes(count.version) ?? true)
  );
}

function labelOf(dimension: Dimension, source: string, { name, type, code, version }: Count) {
  switch (dimension) {
    case 'source':
      return source;
    case 'eventName':
      return name;
    case 'eventType':
      return type;
    case 'discardReason':
      return code;
    case 'appVersion':
      return version;
  }
}
