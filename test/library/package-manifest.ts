import { createRequire } from 'node:module';
import type { JsonObject } from '../../src/core/json.ts';
import { parseTrigger } from '../../src/destinations/library/package/library-package.ts';

/** What the package says of its destinations, by id; what is a function falls away. */
export function packageManifest(): Readonly<Record<string, JsonObject>> {
  // Whoever comes first loads the library's `fetch`: it is to be ours.
  parseTrigger('type = "track"');
  const { manifest } = createRequire(import.meta.url)('@segment/action-destinations');
  return JSON.parse(JSON.stringify(manifest));
}
