import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { Logger } from '../../core/logger.ts';
import { replaceFile } from './replace-file.ts';

const bytes = 16;

/**
 * The dedupe secret: 16 bytes as hex, readable by its owner only; made at the first start, durable
 * before anything is hashed with it. A lost or damaged one is replaced, and `inUse` (something was
 * hashed with it before) makes that an error in the log: those message ids are not recognised again.
 */
export function secretFile(path: string, inUse: boolean, logger: Logger): Buffer {
  const isThere = existsSync(path);
  if (isThere) {
    const secret = Buffer.from(readFileSync(path, 'utf8').trim(), 'hex');
    if (secret.length === bytes) return secret;
  }
  if (inUse || isThere) {
    logger.error(
      { path },
      'the dedupe secret is lost or damaged: a new one is made, and what is sent again of earlier events counts as new',
    );
  }
  const secret = randomBytes(bytes);
  replaceFile(path, `${secret.toString('hex')}\n`);
  return secret;
}
