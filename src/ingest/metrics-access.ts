import type { IncomingMessage } from 'node:http';
import type { SnapshotHolder } from '../core/snapshot.ts';
import { tokenHash } from '../core/token-hash.ts';
import type { Clients } from './client/clients.ts';

/**
 * Who may read the metrics: whoever has an access token, and without one, where `isOpen`, whoever asks
 * from this machine. The tokens' hashes come with the snapshot, so that metrics can be read while the
 * control plane is down.
 */
export function metricsAccess(
  snapshot: SnapshotHolder,
  clients: Clients,
  isOpen: boolean,
): (request: IncomingMessage) => boolean {
  return (request) => {
    if (isOpen && clients.isLocal(request)) return true;
    const token = /^bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) return false;
    return snapshot.current.tokenHashes?.includes(tokenHash(token)) === true;
  };
}
