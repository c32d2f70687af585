import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { type Refusal, refusals } from './refusal.ts';

/**
 * What is checked inside `context` (spec tracking-api §6.4): the types of `device.advertisingId` and
 * `consent.version`, and for the consent event its preferences. What the event lacks, the context
 * `shared` by its batch gives.
 */
export function validateContext(
  own: JsonObject | undefined,
  shared: JsonObject | undefined,
  isConsentEvent: boolean,
): Refusal | undefined {
  const advertisingId = member(own, shared, 'device', 'advertisingId');
  if (advertisingId !== undefined && typeof advertisingId !== 'string') {
    return refusals.advertisingId;
  }
  const version = member(own, shared, 'consent', 'version');
  if (version !== undefined && typeof version !== 'number') return refusals.consentVersion;
  if (!isConsentEvent) return undefined;
  return (
    preferences(member(own, shared, 'consent', 'categoryPreferences')) ??
    // Where both give preferences they are merged, so the envelope's count as well.
    preferences(member(shared, own, 'consent', 'categoryPreferences'))
  );
}

function preferences(value: Json | undefined): Refusal | undefined {
  if (value === undefined) return refusals.preferencesMissing;
  if (!isJsonObject(value)) return refusals.preferencesKind;
  const areBooleans = Object.values(value).every((choice) => typeof choice === 'boolean');
  return areBooleans ? undefined : refusals.preferenceKind;
}

function member(
  first: JsonObject | undefined,
  second: JsonObject | undefined,
  group: string,
  name: string,
): Json | undefined {
  return inner(first, group, name) ?? inner(second, group, name) ?? undefined;
}

function inner(context: JsonObject | undefined, group: string, name: string): Json | undefined {
  const value = context?.[group];
  return isJsonObject(value) ? value[name] : undefined;
}
