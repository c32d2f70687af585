import { createHash } from 'node:crypto';

/**
 * What is stored of an access token. A plain SHA-256 is enough for a token that was made here: it is
 * long and random, so there is nothing to guess. One given by the operator is as strong as that.
 */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
