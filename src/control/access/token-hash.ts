import { createHash } from 'node:crypto';

/**
 * What is stored of an access token. A plain SHA-256 is enough: a token is long and random, so there
 * is nothing to guess. A token given by the operator is held to the same length by the configuration.
 */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
