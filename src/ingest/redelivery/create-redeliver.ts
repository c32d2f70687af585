import { createHash } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import type { DiscardCode } from '../../core/discard-codes.ts';
import { isEventType } from '../../core/event.ts';
import { isJsonObject } from '../../core/json.ts';
import { objectItemType } from '../../core/objects.ts';
import type { Again } from '../../core/records.ts';
import type { Redeliver, Redelivery, RedeliveryOutcome } from '../../core/redelivery.ts';
import { parseStagedRequest, type StagedRequest } from '../../core/staged-request.ts';
import type { AcceptedLog } from '../accepted-log.ts';
import type { AcceptedRequest } from '../accepted-request.ts';
import { checkSingle } from '../check-batch.ts';
import { validateObject } from '../objects/validate-object.ts';
import { Payload, parsePayload, payloadOf } from '../payload.ts';
import type { SourceRegistry } from '../source-registry.ts';
import type { SourceState } from '../source-state.ts';
import { lacksMessageId } from '../validate-event.ts';

interface RedeliverDeps {
  readonly sources: SourceRegistry;
  /** Opens the log where this node has not. */
  log(): Promise<AcceptedLog>;
  readonly hasRoom: () => boolean;
  readonly clock: Clock;
}

/**
 * Takes discards in again, each as a request of its own. What was refused at first is judged as the call
 * that it is, by the rules that hold now, without its batch: the source is on, its limits admit the
 * event. It keeps its messageId, so that a client's own retry of it is the same event; without one it
 * gets one made of the discard's id. Neither the rate of the source nor its OAuth is asked for: who sends again is an operator.
 */
export function createRedeliver({ sources, log, hasRoom, clock }: RedeliverDeps): Redeliver {
  const take = async (item: Redelivery): Promise<RedeliveryOutcome> => {
    const source = sources.byId(item.source);
    if (source === undefined) return { kind: 'refused', code: 'unknown_source' };
    const time = clock.now();
    const request = item.staged === 'request' ? webhookOf(item) : judge(item, source, time);
    if (typeof request === 'string') return { kind: 'refused', code: request };
    if (!hasRoom()) return { kind: 'failed', message: 'The disk is full' };
    try {
      const accepted = await log();
      if (!('staged' in request)) await accepted.append(request);
      else await accepted.appendWebhook({ source, time, test: false, ...request });
    } catch (error) {
      const message = error instanceof Error ? error.message : 'The log refuses';
      return { kind: 'failed', message };
    }
    return { kind: 'accepted' };
  };
  return (items) => Promise.all(items.map(take));
}

function judge(
  { id, body, call: given, lane, receivedAt, forwarded, staged }: Redelivery,
  source: SourceState,
  time: number,
): AcceptedRequest | DiscardCode {
  const payload = parsePayload(Buffer.from(body));
  if (!(payload instanceof Payload)) return 'bad_request';
  const call = given ?? payload.skimmed['type'];
  if (call === objectItemType) return judgeObject(id, payload, source, { t: receivedAt }, time);
  if (!isEventType(call)) return 'type_not_supported';
  const again: Again = {
    t: receivedAt,
    ...(forwarded && { forwarded }),
    ...(staged === 'event' && { by: id }),
    ...(lane !== undefined && { of: { id, lane } }),
  };
  const request = { source, payload, time, call, again, ip: undefined, userAgent: undefined };
  if (lane !== undefined) return request;
  if (!source.enabled) return 'source_disabled';
  if (payload.bytes.length > source.eventBytes) return 'event_too_large';
  const refusal = checkSingle(call, payload.skimmed);
  if (refusal !== undefined) return refusal.code;
  const nonce = lacksMessageId(payload.skimmed) ? nonceOf(id) : undefined;
  return { ...request, nonce };
}

/** A request to a source function, as it came. */
function webhookOf({ body }: Redelivery): { readonly staged: StagedRequest } | DiscardCode {
  const payload = parsePayload(Buffer.from(body));
  if (!(payload instanceof Payload) || !isJsonObject(payload.skimmed['request'])) {
    return 'bad_request';
  }
  return { staged: parseStagedRequest(body) };
}

/** An object for the warehouses goes as the one item of a batch. */
function judgeObject(
  id: string,
  { exact }: Payload,
  source: SourceState,
  again: Again,
  time: number,
): AcceptedRequest | DiscardCode {
  if (!source.enabled) return 'source_disabled';
  const refusal = validateObject(exact);
  if (refusal !== undefined) return refusal.code;
  const payload = payloadOf({ batch: [exact] });
  const from = { ip: undefined, userAgent: undefined };
  return { source, payload, time, items: 1, again, ...from, nonce: nonceOf(id) };
}

/** As random as a nonce, and the same whenever the discard is sent again. */
function nonceOf(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 32);
}
