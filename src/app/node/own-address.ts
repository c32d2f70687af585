import type { Config } from '../config/config.ts';

/** Where a listener of this node is reached from this machine. */
export function ownAddress(
  { tlsCert }: Pick<Config, 'tlsCert'>,
  { host, port }: { readonly host: string; readonly port: number },
): string {
  const reachable = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host;
  const literal = reachable.includes(':') ? `[${reachable}]` : reachable;
  return `${tlsCert === undefined ? 'http' : 'https'}://${literal}:${port}`;
}
