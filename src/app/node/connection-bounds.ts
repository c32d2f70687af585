import { existsSync, readFileSync } from 'node:fs';
import type { Logger } from '../../core/logger.ts';
import type { ConnectionBounds } from '../../ingest/connections/connections.ts';
import type { Config } from '../config/config.ts';

/** Open files that are not connections of clients: logs, libraries, the control plane's socket. */
const otherFiles = 1_536;

/** The configured bounds, held within what the system lets the process have open. Linux only; elsewhere as configured. */
export function connectionBounds(
  { maxConnections, maxConnectionsPerAddress }: Config,
  logger: Logger,
  limitsFile = '/proc/self/limits',
): ConnectionBounds {
  const openFiles = openFileLimit(limitsFile);
  const room = openFiles - Math.min(otherFiles, Math.floor(openFiles / 2));
  if (maxConnections > room) {
    logger.warn(
      { openFiles, maxConnections, used: room },
      'fewer connections than configured: raise the limit of open files',
    );
  }
  return { total: Math.min(maxConnections, room), perAddress: maxConnectionsPerAddress };
}

function openFileLimit(path: string): number {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const [, soft] = /^Max open files\s+(\d+)/m.exec(text) ?? [];
  return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
}
