import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { systemClock } from '../src/core/clock.ts';
import { isJsonObject, type JsonObject } from '../src/core/json.ts';
import { createHttp } from '../src/deliver/http/create-http.ts';
import { readLibraryDestinations } from '../src/destinations/library/library-destinations.ts';
import { createLibraryProbe } from '../src/destinations/library/library-probe.ts';
import { ownConnections } from '../src/destinations/library/own-connections.ts';
import { parseTrigger } from '../src/destinations/library/package/library-package.ts';
import { startEcho, toEcho } from './library/echo.ts';
import { completed } from './library/example-values.ts';
import { noTokens } from './library/no-tokens.ts';

/** Fields that the package marks as dynamic and has no code for. */
const withoutCode = new Set([
  'dotdigital-audiences syncAudience computation_key',
  'saleswings submitIdentifyEvent userID',
  'saleswings submitPageEvent userID',
  'saleswings submitScreenEvent userID',
  'saleswings submitTrackEvent userID',
  'segment-profiles sendGroup engage_space',
  'segment-profiles sendIdentify engage_space',
  'segment-profiles sendSubscription engage_space',
  'segment-profiles sendTrack engage_space',
]);

test('what is hidden in the library is marked in the catalogue', async () => {
  let [fields, actions] = [0, 0];
  for (const kind of await readLibraryDestinations()) {
    for (const action of kind.readActions().actions) {
      if (action.hidden) actions += 1;
      fields += action.fields.filter(({ hidden }) => hidden === true).length;
    }
  }
  assert.deepEqual([fields, actions], [411, 1]);
});

test('the code of every dynamic field is asked for its choices: the vendor hears of it, or the code says what it lacks', async (t) => {
  const echo = await startEcho();
  const pool = createHttp({ allowPrivateTargets: true, clock: systemClock });
  t.after(async () => {
    await pool.close();
    await echo.server.close();
  });
  const http = toEcho(pool, echo);
  const probe = createLibraryProbe({ http, clock: systemClock, tokens: noTokens });
  // Whoever comes first loads the library's `fetch`: it is to be ours.
  parseTrigger('type = "track"');
  const { manifest } = createRequire(import.meta.url)('@segment/action-destinations');
  let [asked, heard] = [0, 0];
  const unknown: string[] = [];
  for (const kind of await readLibraryDestinations()) {
    if (ownConnections[kind.slug] !== undefined) continue;
    const { definition, directory } = manifest[kind.id];
    const { scheme, fields } = definition.authentication ?? {};
    const signedIn = String(scheme).startsWith('oauth') ? { oauth_access_token: 'token' } : {};
    const settings = { ...completed(plain(fields), {}), ...signedIn };
    for (const action of kind.readActions().actions) {
      const own = definition.actions[action.slug];
      const flagged = action.fields.filter(({ dynamic }) => dynamic).map((one) => one.fieldKey);
      for (const key of new Set([...flagged, ...keysOf(own.dynamicFields)])) {
        const nested = typeof own.dynamicFields?.[key] === 'object';
        if (nested) continue;
        const before = echo.requests.length;
        const mapping = completed(plain(own.fields), {});
        const probed = { id: 'd', slug: kind.slug, settings };
        const { error } = await probe.choices(probed, { action: action.slug, key }, mapping);
        asked += 1;
        if (echo.requests.length > before) heard += 1;
        if (/No dynamic field named/.test(error ?? '')) {
          unknown.push(`${directory} ${action.slug} ${key}`);
        }
      }
    }
  }
  assert.deepEqual(unknown.sort(), [...withoutCode].sort());
  assert(asked >= 100 && heard >= 60, `${asked} asked, ${heard} heard of`);
});

/** The keys by which the package's dynamic fields are asked for, parts of objects too. */
function keysOf(fields: unknown): string[] {
  return Object.entries(isObject(fields) ? fields : {}).flatMap(([name, value]) => {
    if (typeof value === 'function') return [name];
    return Object.keys(isObject(value) ? value : {}).map((part) =>
      part === '__values__' ? `${name}.any` : `${name}.${part}`,
    );
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Without its functions. */
function plain(value: unknown): JsonObject {
  const parsed: unknown = value === undefined ? {} : JSON.parse(JSON.stringify(value));
  return isJsonObject(parsed) ? parsed : {};
}
