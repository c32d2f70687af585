import { isIPv4 } from 'node:net';
import { isJsonObject, type JsonObject } from '../core/json.ts';

/** Libraries that run at the user's side, by `context.library.name` (spec tracking-api §7.3), RudderStack's among them. */
const clientLibraries = new Set([
  'analytics.js',
  'analytics-ios',
  'analytics-android',
  'analytics-kotlin',
  'analytics-swift',
  'analytics-flutter',
  'analytics-react-native',
  '@segment/analytics-react-native',
  'RudderLabs JavaScript SDK',
  'com.rudderstack.android.sdk.core',
  'rudder-ios-library',
]);

/** True when the address of the connection is the user's own: a client library, or `context.direct`. */
export function isClientSide(context: JsonObject): boolean {
  if (context['direct'] === true) return true;
  const library = context['library'];
  if (!isJsonObject(library)) return false;
  const name = library['name'];
  return typeof name === 'string' && clientLibraries.has(name);
}

/** The IPv4 text of a connection's address, also of an IPv4-mapped one; undefined for IPv6, which is not collected. */
export function ipv4Of(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  const text = address.toLowerCase().startsWith('::ffff:') ? address.slice(7) : address;
  return isIPv4(text) ? text : undefined;
}
