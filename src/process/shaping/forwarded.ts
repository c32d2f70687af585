import { createHash } from 'node:crypto';
import { valueAt } from '../../core/event-paths.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Redelivery } from '../../core/redelivery.ts';
import type { PlanViolation } from '../../core/tracking-plan.ts';
import type { ShapedEvent, SourceShaper } from './source-shaper.ts';

/**
 * What a source forwards to others of an event: a track call for each violation of its plan, and the event itself, as it
 * was, where the plan blocks it (spec tracking-api §11). Their messageIds are made of their cause: what is
 * forwarded again after a crash is there once. Nobody holds them against a plan, so that two sources that forward to each
 * other come to an end.
 */
export function* forwardedOf(
  shaper: SourceShaper,
  event: JsonObject,
  { violations, ...shaped }: ShapedEvent,
): Generator<Redelivery> {
  const { source, plan } = shaper;
  const { violationsTo, blockedEventsTo } = source.plan ?? {};
  if (plan === undefined || violations.length === 0) return;
  const receivedAt = Date.parse(String(event['receivedAt']));
  const shared = { receivedAt, forwarded: true } as const;
  if (violationsTo !== undefined && violationsTo !== source.id) {
    for (const [index, violation] of violations.entries()) {
      const id = `sch-${digest(source.id, String(event['messageId']), String(index))}`;
      const body = violationEvent({ event, violation, shaper, id });
      yield { ...shared, id, source: violationsTo, call: 'track', body: JSON.stringify(body) };
    }
  }
  if (blockedEventsTo === undefined || blockedEventsTo === source.id) return;
  if (shaped.kind === 'blocked' && !shaped.code.includes('transformation')) {
    const { projectId: _, version: _version, ...rest } = event;
    const id = `blocked-${digest(source.id, String(event['messageId']))}`;
    const body = { ...rest, forwardedFromProject: source.id };
    yield { ...shared, id, source: blockedEventsTo, body: JSON.stringify(body) };
  }
}

function violationEvent({
  event,
  violation,
  shaper: { source, plan },
  id,
}: {
  readonly event: JsonObject;
  readonly violation: PlanViolation;
  readonly shaper: SourceShaper;
  readonly id: string;
}): JsonObject {
  const type = event['type'] ?? null;
  const name = type === 'track' ? event['event'] : event['name'];
  const app: Json = valueAt(event, ['context', 'app']) ?? {};
  return {
    type: 'track',
    event: 'Violation Generated',
    userId: 'schema-violations',
    messageId: id,
    forwardedFromProject: source.id,
    timestamp: event['timestamp'],
    context: { app, library: { name: 'tributary' } },
    properties: {
      appVersion: valueAt(event, ['context', 'app', 'version']) ?? null,
      eventMessageID: event['messageId'] ?? null,
      eventName: name ?? null,
      eventSentAt: event['sentAt'] ?? null,
      eventTimestamp: event['timestamp'] ?? null,
      eventType: type,
      sourceID: source.id,
      sourceName: source.name,
      sourceSlug: source.slug,
      trackingPlanID: plan?.id ?? null,
      trackingPlanName: plan?.name ?? null,
      violationDescription: violation.description,
      violationField: violation.field,
      violationType: violation.type,
    },
  };
}

function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\u0000')).digest('hex').slice(0, 32);
}
