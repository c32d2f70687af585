import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';

/** A socket's address holds at most 107 bytes. */
const pathBytes = 100;

/** Where the control process listens for what ingest passes on. In the data folder, unless its path is too long. */
export function controlSocket(config: Config): string {
  const path = join(config.data, 'control.sock');
  if (Buffer.byteLength(path) <= pathBytes) return path;
  const name = createHash('sha256').update(config.data).digest('hex').slice(0, 16);
  return join(tmpdir(), `tributary-${name}.sock`);
}
