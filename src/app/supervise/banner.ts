import type { JsonObject } from '../../core/json.ts';
import type { Config } from '../config/config.ts';
import { ownAddress } from '../node/own-address.ts';

/** What `npm start` prints once everything runs: the three things a new user needs. */
export function banner(config: Config, shown: JsonObject): string {
  const { host, adminHost } = config;
  const address =
    config.publicUrl ?? ownAddress(config, { host, port: portOf(shown['port'], config.port) });
  const admin =
    config.adminPort === undefined
      ? address
      : ownAddress(config, { host: adminHost, port: portOf(shown['adminPort'], config.adminPort) });
  return [
    '',
    '  Tributary is running.',
    '',
    `  Console       ${admin}/`,
    `  Write key     ${shown['writeKey'] ?? ''}`,
    `  Access token  ${shown['token'] ?? ''}`,
    '',
    `  Point a Segment SDK at ${address} with the write key. Stop with Ctrl-C.`,
    '',
    '',
  ].join('\n');
}

/** The port that was listened on: it may have been 0. */
function portOf(actual: unknown, configured: number): number {
  return typeof actual === 'number' ? actual : configured;
}
