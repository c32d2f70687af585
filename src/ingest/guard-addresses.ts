import { anonymousAddress } from '../core/anonymous-address.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { batchOf } from './batch-of.ts';
import { type Payload, payloadOf } from './payload.ts';

/** What is left of a client's address before anything is written. */
export type AddressRule = 'anonymize' | 'drop';

/** The address of a connection as the rule lets it be kept; undefined: not at all. */
export function guardAddress(address: string | undefined, rule: AddressRule): string | undefined {
  return address === undefined || rule === 'drop' ? undefined : anonymousAddress(address);
}

/** The payload with every `context.ip` as the rule lets it be kept. The same object when there is none. */
export function guardPayload(payload: Payload, rule: AddressRule): Payload {
  if (!hasAddress(payload.skimmed)) return payload;
  const { exact } = payload;
  const batch: Json | undefined = exact['batch'];
  const own = guardContext(exact, rule);
  if (!Array.isArray(batch)) return payloadOf(own);
  const items: readonly Json[] = batch;
  return payloadOf(
    batchOf(
      own,
      items.map((item) => (isJsonObject(item) ? guardContext(item, rule) : item)),
    ),
  );
}

function hasAddress(body: JsonObject): boolean {
  if (hasOwnAddress(body)) return true;
  const batch: Json | undefined = body['batch'];
  if (!Array.isArray(batch)) return false;
  const items: readonly Json[] = batch;
  return items.some((item) => isJsonObject(item) && hasOwnAddress(item));
}

function hasOwnAddress(object: JsonObject): boolean {
  const context = object['context'];
  return isJsonObject(context) && Object.hasOwn(context, 'ip');
}

/** What is no address cannot be anonymised, so it goes. */
function guardContext(object: JsonObject, rule: AddressRule): JsonObject {
  const context = object['context'];
  if (!isJsonObject(context) || !Object.hasOwn(context, 'ip')) return object;
  const { ip, ...rest } = context;
  const kept = typeof ip === 'string' ? guardAddress(ip, rule) : undefined;
  return { ...object, context: kept === undefined ? rest : { ...rest, ip: kept } };
}
