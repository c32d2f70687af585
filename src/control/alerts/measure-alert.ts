import type { LogReader, Offset } from '../../core/event-log.ts';
import { limits } from '../../core/limits.ts';
import { type EventMeta, recordKinds } from '../../core/records.ts';
import { spanStart } from '../../core/usage/usage-spans.ts';
import type { Environment } from '../environment.ts';
import { readRecords, type UsageOwner } from '../usage/read-records.ts';
import type { AlertRow } from './find-alert.ts';

const minute = 60_000;

/** The figure of an alert now; undefined when there is nothing to judge by. */
export async function measureAlert(
  environment: Environment,
  row: AlertRow,
): Promise<number | undefined> {
  if (row.metric === 'VOLUME') return await volume(environment, row);
  const destination = await environment.db
    .selectFrom('destination')
    .select(['id', 'source_id', 'enabled'])
    .where('id', '=', row.destination_id ?? '')
    .executeTakeFirst();
  // Switched off, it does what it was told to.
  if (destination === undefined || destination.enabled === 0) return undefined;
  const { id, source_id: source } = destination;
  return row.metric === 'LAG_SECONDS'
    ? await lagSeconds(environment, source, id)
    : await successRate(environment, { sources: [source], destination: id }, row);
}

/** Events that the source took in the window. Nothing counted is none. */
async function volume(environment: Environment, row: AlertRow): Promise<number | undefined> {
  if (environment.work() === undefined || row.source_id === null) return undefined;
  const owner = { sources: [row.source_id], destination: '' };
  const counts = await outcomes(environment, owner, row);
  return counts.get('event') ?? 0;
}

/** Attempts that a destination took, of all that ended in the window; undefined when they are too few to say. */
async function successRate(
  environment: Environment,
  owner: UsageOwner,
  row: AlertRow,
): Promise<number | undefined> {
  const counts = await outcomes(environment, owner, row);
  const delivered = counts.get('delivered') ?? 0;
  const all = delivered + (counts.get('failed') ?? 0) + (counts.get('retried') ?? 0);
  return all < limits.alertLeastAttempts ? undefined : delivered / all;
}

/** What was counted by outcome in the last whole minutes that are settled: counts come a little later. */
async function outcomes(
  environment: Environment,
  owner: UsageOwner,
  { window_minutes }: AlertRow,
): Promise<ReadonlyMap<string, number>> {
  const to = spanStart('minute', environment.clock.now() - limits.alertSettleMs);
  const range = { span: 'minute', from: to - window_minutes * minute, to } as const;
  const counts = new Map<string, number>();
  for await (const { record } of readRecords({ environment }, owner, range)) {
    for (const { outcome, count } of record.counts) {
      counts.set(outcome, (counts.get(outcome) ?? 0) + count);
    }
  }
  return counts;
}

/** Age of the oldest event that the destination has not finished, whether it is unread or waits for its next try. */
async function lagSeconds(
  environment: Environment,
  source: string,
  destination: string,
): Promise<number | undefined> {
  const work = environment.work();
  if (work === undefined) return undefined;
  const ofLive = (lane: string) => lane.split('/').length === 2;
  const lanes = await work.db
    .selectFrom('cursor')
    .select(['lane', 'partition', 'position'])
    .where('lane', 'like', `${destination}/%`)
    .execute();
  const live = lanes.filter(({ lane }) => ofLive(lane));
  if (live.length === 0) return undefined;
  const parked = await work.db
    .selectFrom('parked')
    .select(({ fn }) => ['lane', fn.min('first_attempt').as('first')])
    .where('lane', 'like', `${destination}/%`)
    .where('first_attempt', '>', 0)
    .groupBy('lane')
    .execute();
  const now = environment.clock.now();
  let oldest = now;
  for (const { lane, first } of parked) if (ofLive(lane)) oldest = Math.min(oldest, Number(first));
  const furthest = Map.groupBy(live, ({ partition }) => partition);
  for (const [partition, rows] of furthest) {
    const reader = await environment.logs.openReader('events', partition);
    try {
      const position = Math.min(...rows.map((row) => Number(row.position)));
      oldest = Math.min(oldest, (await nextReceivedAt(reader, source, position)) ?? now);
    } finally {
      await reader.close();
    }
  }
  return Math.max(0, now - oldest) / 1_000;
}

/** receivedAt of the source's first event at or after a position; undefined when there is none near. */
async function nextReceivedAt(
  reader: LogReader,
  source: string,
  position: Offset,
): Promise<number | undefined> {
  let left: number = limits.alertScanBytes;
  for (let at = position; left > 0; ) {
    const { records, next } = await reader.read(at, { source, maxBytes: limits.alertReadBytes });
    const event = records.find(({ kind }) => kind === recordKinds.event);
    if (event !== undefined) return readMeta(event.meta).t;
    if (next === at) return undefined;
    left -= limits.alertReadBytes;
    at = next;
  }
  return undefined;
}

function readMeta(text: string): EventMeta {
  return JSON.parse(text) as EventMeta;
}
