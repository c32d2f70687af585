import { consentEvent, type Event } from '../../core/event.ts';
import { isJsonObject, type Json } from '../../core/json.ts';

/**
 * Whether the user has not consented to all of the categories of a destination (spec tracking-api, appendix B). An event
 * that says nothing of consent is not held to any; a category that it does not name is denied.
 */
export function lacksConsent(event: Event, categories: readonly string[]): boolean {
  if (categories.length === 0) return false;
  // It tells destinations what a user consents to, so it reaches them all.
  if (event.type === 'track' && event['event'] === consentEvent) return false;
  const context = event['context'];
  const consent = isJsonObject(context) ? context['consent'] : undefined;
  if (!isJsonObject(consent)) return false;
  const preferences = consent['categoryPreferences'];
  // Whoever wrote `consent: {}` asked for no more than nothing, unless it chose destinations besides.
  if (preferences === undefined && !hasEntries(event.integrations)) return false;
  if (!isJsonObject(preferences)) return true;
  return categories.some(
    (category) => !Object.hasOwn(preferences, category) || preferences[category] !== true,
  );
}

function hasEntries(value: Json | undefined): boolean {
  return isJsonObject(value) && Object.keys(value).length > 0;
}
