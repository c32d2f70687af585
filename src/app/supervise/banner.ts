import type { JsonObject } from '../../core/json.ts';
import type { Config } from '../config/config.ts';

/** What `npm start` prints once everything runs: the three things a new user needs. */
export function banner(config: Config, shown: JsonObject): string {
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const address = config.publicUrl ?? `http://${host}:${shown['port'] ?? config.port}`;
  return [
    '',
    '  Tributary is running.',
    '',
    `  Console       ${address}/`,
    `  Write key     ${shown['writeKey'] ?? ''}`,
    `  Access token  ${shown['token'] ?? ''}`,
    '',
    `  Point a Segment SDK at ${address} with the write key. Stop with Ctrl-C.`,
    '',
    '',
  ].join('\n');
}
