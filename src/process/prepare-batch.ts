import type { LogEntry, LogRecord, Offset } from '../core/event-log.ts';
import { limits } from '../core/limits.ts';
import { recordKinds } from '../core/records.ts';
import type { Redelivery } from '../core/redelivery.ts';
import type { Suppressions } from '../core/suppressions.ts';
import type { CountedEvent } from '../core/usage/usage.ts';
import type { BodyArena } from './body-arena.ts';
import { DiscardCollector } from './discard-collector.ts';
import type { DiscardQuota } from './discard-quota.ts';
import type { Fingerprints } from './fingerprint.ts';
import { KeyList } from './key-list.ts';
import type { SourcePolicies } from './policy/source-policies.ts';
import { type Outlet, processRequest } from './process-request.ts';
import { forwardedOf } from './shaping/forwarded.ts';
import type { SourceShapers } from './shaping/source-shapers.ts';
import { suppressibleIds } from './suppressible-ids.ts';
import { webhookEntry } from './webhook-entry.ts';

/** Objects are no events: nobody counts them as such. */
const noIds = { userId: undefined, anonymousId: undefined, isAgain: true } as const;

/** The outcome of a stretch of input, before dedupe: one commit. */
export interface Batch {
  /** Input position the commit covers: where to read on. */
  readonly next: Offset;
  /** Candidates in input order; `keys` holds the fingerprint of each at the same index. */
  readonly events: readonly LogEntry[];
  readonly keys: KeyList;
  /** What is counted of each, at the same index. */
  readonly counted: readonly CountedEvent[];
  readonly discards: DiscardCollector;
  /** Requests to source functions, as they are staged. */
  readonly webhooks: readonly LogEntry[];
  /** Objects per source. */
  readonly objects: ReadonlyMap<string, number>;
  /** Violations of tracking plans per source. */
  readonly violations: ReadonlyMap<string, number>;
  /** What sources forward of it to others. */
  readonly forwarded: readonly Redelivery[];
  /** Properties dropped per source. */
  readonly droppedProperties: ReadonlyMap<string, number>;
  /** receivedAt of the last request, ms; undefined when there was none. */
  readonly lastReceivedAt: number | undefined;
}

export interface BatchContext {
  readonly partition: number;
  readonly fingerprints: Fingerprints;
  readonly quota: DiscardQuota;
  /** Refreshed for this batch. */
  readonly policies: SourcePolicies;
  /** Refreshed for this batch. */
  readonly shapers: SourceShapers;
  /** Whether the events of a source go through its insert function first. */
  readonly isStaged?: ((source: string) => boolean) | undefined;
  /** Refreshed for this batch. */
  readonly suppressions: Suppressions;
}

/**
 * Makes events and discards of the records, in order, up to `limits.commitBytes` of events: what
 * remains is read again from `next`. Everything is copied out of the read buffer, events into the arena.
 */
export function prepareBatch(
  records: readonly LogRecord[],
  next: Offset,
  context: BatchContext,
  arena: BodyArena,
): Batch {
  const scratch = new Uint32Array(2);
  const events: LogEntry[] = [];
  const keys = new KeyList();
  const counted: CountedEvent[] = [];
  const webhooks: LogEntry[] = [];
  const discards = new DiscardCollector(context.partition, context.quota);
  const droppedProperties = new Map<string, number>();
  const objects = new Map<string, number>();
  const violations = new Map<string, number>();
  const forwarded: Redelivery[] = [];
  let bytes = 0;
  let source = '';
  const outlet: Outlet = {
    bytes: (text) => arena.write(text),
    discards,
    event: (entry, dedupeId, facts) => {
      events.push(entry);
      counted.push(facts);
      bytes += entry.body.length;
      context.fingerprints.write(source, dedupeId, scratch, 0);
      keys.push(scratch[0] ?? 0, scratch[1] ?? 0, facts.t);
    },
    object: ({ entry, id, t }) => {
      objects.set(source, (objects.get(source) ?? 0) + 1);
      const kept = { ...entry, body: arena.write(entry.body) };
      events.push(kept);
      counted.push({ source, t, type: 'track', name: '', version: '', ...noIds });
      bytes += kept.body.length;
      context.fingerprints.write(source, id, scratch, 0);
      keys.push(scratch[0] ?? 0, scratch[1] ?? 0, t);
    },
    droppedProperties: (of, count) =>
      droppedProperties.set(of, (droppedProperties.get(of) ?? 0) + count),
    policy: (of) => context.policies.of(of),
    shaper: (of) => {
      const shaper = context.shapers.of(of);
      return shaper !== undefined && context.isStaged?.(of) === true ? 'later' : shaper;
    },
    shaped: (shaper, event, shaped) => {
      const { id } = shaper.source;
      const { length } = shaped.violations;
      if (length > 0) violations.set(id, (violations.get(id) ?? 0) + length);
      forwarded.push(...forwardedOf(shaper, event, shaped));
    },
    ...(!context.suppressions.isEmpty && {
      suppressed: (of, item) => context.suppressions.has(of, suppressibleIds(item)),
    }),
    eventBytes: (of) => context.policies.eventBytes(of),
  };
  let end = next;
  let lastReceivedAt: number | undefined;
  for (const record of records) {
    if (record.kind !== recordKinds.request && record.kind !== recordKinds.webhook) continue;
    if (bytes >= limits.commitBytes) {
      end = record.offset;
      break;
    }
    ({ source } = record);
    if (record.kind === recordKinds.webhook) {
      const entry = webhookEntry(record, arena.write(record.body.toString()));
      webhooks.push(entry);
      bytes += entry.body.length;
      continue;
    }
    lastReceivedAt = processRequest(record, outlet);
  }
  discards.finish();
  return {
    next: end,
    events,
    keys,
    counted,
    discards,
    webhooks,
    ...{ objects, violations, forwarded, droppedProperties, lastReceivedAt },
  };
}
