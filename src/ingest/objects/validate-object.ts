import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { type Refusal, refusals } from '../refusal.ts';

/** Lower-case letters and `_`, the latter not at the ends (spec tracking-api §2.7). */
const collectionName = /^[a-z](?:[a-z_]*[a-z])?$/;

/** Why an object is not taken: an item of a batch with collection, id and properties. */
export function validateObject(item: JsonObject): Refusal | undefined {
  const { id, properties } = item;
  const fault = validateCollection(item['collection']);
  if (fault !== undefined) return fault;
  if (typeof id !== 'string' || id === '') return refusals.objectId;
  if (meantLength(id) > limits.objectNameLength) return refusals.objectId;
  if (!isJsonObject(properties)) return refusals.objectProperties;
  const isFlat = Object.values(properties).every(
    (value) => typeof value !== 'object' || value === null,
  );
  return isFlat ? undefined : refusals.objectNested;
}

export function validateCollection(name: Json | undefined): Refusal | undefined {
  const isName =
    typeof name === 'string' && name.length <= limits.objectNameLength && collectionName.test(name);
  return isName ? undefined : refusals.collection;
}

/** Skimmed, a text has a character for each byte: what counts is the characters meant. */
function meantLength(text: string): number {
  if (text.length <= limits.objectNameLength) return text.length;
  return Buffer.from(text, 'latin1').toString().length;
}
