import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { TributaryError } from '../../core/errors.ts';
import { refusedTarget } from './target-guard.ts';

/**
 * A connector that checks the very address it connects to. A name is resolved once, by the socket
 * itself, through our lookup: what passed the check is what is dialled, so a name that changes its
 * answer between check and use (DNS rebinding) gains nothing. Refusals are `target_refused`.
 */
export function guardedConnector(
  allowPrivate: boolean,
  options: buildConnector.BuildOptions,
): buildConnector.connector {
  const connect = buildConnector({ ...options, lookup: guardedLookup(allowPrivate) });
  return (target, callback) => {
    const host = target.hostname.replace(/^\[(.*)\]$/, '$1');
    // The socket asks no lookup for a literal address.
    const refusal = isIP(host) === 0 ? undefined : refusedTarget(host, allowPrivate);
    if (refusal === undefined) connect({ ...target, hostname: host }, callback);
    else callback(new TributaryError('target_refused', refusal), null);
  };
}

/** Resolves as the socket would, and leaves out every address that is refused. */
export function guardedLookup(allowPrivate: boolean, resolve: Resolve = lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0);
      const allowed = addresses.filter(({ address }) => !refusedTarget(address, allowPrivate));
      const first = allowed[0];
      if (first === undefined) {
        const reason = refusedTarget(addresses[0]?.address ?? '', allowPrivate);
        return callback(new TributaryError('target_refused', `${hostname}: ${reason}`), '', 0);
      }
      if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;
