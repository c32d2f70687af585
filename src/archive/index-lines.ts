import { isEventType } from '../core/event.ts';
import type { Offset } from '../core/event-log.ts';
import { isJsonObject, type Json } from '../core/json.ts';
import type { ObjectMeta } from '../core/objects.ts';
import type { EventMeta } from '../core/records.ts';
import type { MemberIndex } from './archive-format.ts';

/** Of an event, or of an object of the Objects API. */
export type LineMeta = EventMeta | ObjectMeta;

/** What is kept of a line beside it. */
export interface IndexedLine {
  readonly offset: Offset;
  readonly meta: LineMeta;
}

/** A digest of a long id has as many hex digits. */
const digestLength = 64;

export function makeIndex(lines: readonly IndexedLine[]): MemberIndex {
  const x: Record<string, Partial<EventMeta>> = {};
  for (const [number, { meta }] of lines.entries()) {
    const more = 'object' in meta ? untoldOfObject(meta) : untold(meta);
    if (more !== undefined) x[number] = more;
  }
  return {
    v: 1,
    o: differences(lines.map(({ offset }) => offset)),
    i: differences(lines.map(({ meta }) => meta.i)),
    n: lines.map(({ meta }) => meta.n),
    t: differences(lines.map(({ meta }) => meta.t)),
    x,
  };
}

/** The index of the lines that are kept. */
export function keepOf(index: MemberIndex, keep: readonly boolean[]): MemberIndex {
  const kept = (values: readonly number[]) => values.filter((_, at) => keep[at]);
  const x: Record<string, Partial<EventMeta>> = {};
  let number = 0;
  for (const [at, isKept] of keep.entries()) {
    const more = index.x[at];
    if (isKept && more !== undefined) x[number] = more;
    if (isKept) number += 1;
  }
  return {
    v: 1,
    o: differences(kept(sums(index.o))),
    i: differences(kept(sums(index.i))),
    n: kept(index.n),
    t: differences(kept(sums(index.t))),
    x,
  };
}

/** What the log knew of each line, but for what stands in the line. */
export interface LineFacts {
  readonly offset: Offset;
  readonly input: Offset;
  readonly item: number;
  readonly time: number;
  readonly more: Partial<EventMeta> | undefined;
}

export function readFacts(index: MemberIndex): LineFacts[] {
  const [offsets, inputs, times] = [sums(index.o), sums(index.i), sums(index.t)];
  return offsets.map((offset, at) => ({
    offset,
    input: inputs[at] ?? 0,
    item: index.n[at] ?? 0,
    time: times[at] ?? 0,
    more: index.x[at],
  }));
}

/** The meta that the event had in the log; undefined when the line is no event. */
export function metaOf(facts: LineFacts, line: Buffer): EventMeta | undefined {
  const event: Json = JSON.parse(line.toString());
  if (!isJsonObject(event)) return undefined;
  const { type, messageId } = event;
  if (!isEventType(type) || typeof messageId !== 'string') return undefined;
  return {
    i: facts.input,
    n: facts.item,
    t: facts.time,
    type,
    id: messageId,
    ...idOf('u', event['userId']),
    ...idOf('a', event['anonymousId']),
    ...idOf('p', event['previousId']),
    ...facts.more,
  };
}

/** As `metaOf`, of an object. */
export function objectMetaOf(facts: LineFacts, line: Buffer): ObjectMeta | undefined {
  const object: Json = JSON.parse(line.toString());
  if (!isJsonObject(object)) return undefined;
  const { collection, id, messageId } = object;
  if (typeof collection !== 'string' || typeof id !== 'string') return undefined;
  return {
    ...{ i: facts.input, n: facts.item, t: facts.time },
    ...{ id: String(messageId), collection, object: id },
    ...(facts.more?.test === true && { test: true }),
  };
}

function untoldOfObject({ test }: ObjectMeta): Partial<EventMeta> | undefined {
  return test && { test };
}

function idOf(name: 'u' | 'a' | 'p', value: Json | undefined): Partial<EventMeta> {
  return typeof value === 'string' && value !== '' ? { [name]: value } : {};
}

/** Long ids stand in the meta as digests; marks stand nowhere else. */
function untold({
  i,
  n,
  t,
  type,
  id,
  u,
  a,
  p,
  ...marks
}: EventMeta): Partial<EventMeta> | undefined {
  const more: Partial<EventMeta> = {
    ...(u?.length === digestLength && { u }),
    ...(a?.length === digestLength && { a }),
    ...(p?.length === digestLength && { p }),
    ...marks,
  };
  return Object.keys(more).length === 0 ? undefined : more;
}

function differences(values: readonly number[]): number[] {
  return values.map((value, at) => value - (at === 0 ? 0 : (values[at - 1] ?? 0)));
}

function sums(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}
