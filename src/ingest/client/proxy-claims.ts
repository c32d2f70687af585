import type { IncomingHttpHeaders } from 'node:http';
import { limits } from '../../core/limits.ts';
import { parseForwarded } from './forwarded-header.ts';
import { nodeAddress } from './node-address.ts';

/** Which headers of a trusted proxy are read. */
export type ProxyHeader = 'x-forwarded' | 'forwarded';

/** What one proxy says of the request it got. */
export interface ProxyClaim {
  /** Undefined when it names no address. */
  readonly address: string | undefined;
  readonly proto: string | undefined;
  readonly host: string | undefined;
}

/**
 * What the proxies say, the nearest one last; undefined when the header cannot be read. `peer`, the
 * nearest one, counts as the client when none is named. Without
 * `header`, `Forwarded` counts only where there is no `X-Forwarded-For`: proxies that write the one pass
 * the other on as the client sent it.
 */
export function proxyClaims(
  headers: IncomingHttpHeaders,
  peer: string,
  header: ProxyHeader | undefined,
): readonly ProxyClaim[] | undefined {
  const { forwarded } = headers;
  const isStandard =
    header === 'forwarded' ||
    (header === undefined && headers['x-forwarded-for'] === undefined && forwarded !== undefined);
  if (!isStandard) return claimsOfLists(headers, peer);
  return parseForwarded(forwarded ?? '')
    ?.slice(-limits.proxyHops)
    .map(({ for: node, proto, host }) => ({
      address: node === undefined ? undefined : nodeAddress(node),
      proto,
      host,
    }));
}

/**
 * `X-Forwarded-For`, `-Proto` and `-Host` side by side, counted from the nearest proxy. Where a proxy
 * wrote one value for all (most do for the last two), that holds for the proxies before it too.
 */
function claimsOfLists(headers: IncomingHttpHeaders, peer: string): ProxyClaim[] {
  const nodes = list(headers['x-forwarded-for'] ?? peer);
  const protos = list(headers['x-forwarded-proto']);
  const hosts = list(headers['x-forwarded-host']);
  const fromLast = (values: readonly string[], distance: number) =>
    values[Math.max(0, values.length - 1 - distance)];
  return nodes.map((node, index) => {
    const distance = nodes.length - 1 - index;
    return {
      address: nodeAddress(node),
      proto: fromLast(protos, distance),
      host: fromLast(hosts, distance),
    };
  });
}

function list(header: string | string[] | undefined): string[] {
  if (header === undefined) return [];
  const text = typeof header === 'string' ? header : header.join(',');
  return text
    .split(',')
    .slice(-limits.proxyHops)
    .map((value) => value.trim());
}
