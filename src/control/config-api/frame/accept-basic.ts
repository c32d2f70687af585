import type { FastifyRequest } from 'fastify';

/**
 * Lets a client that only knows `Authorization: Basic email:password` in: there are no passwords here, so
 * what stands for one is an access token. The name is not looked at.
 */
export function acceptBasic({ headers }: Pick<FastifyRequest, 'headers'>): void {
  const encoded = /^basic +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
  if (encoded === undefined) return;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  headers.authorization = `Bearer ${pair.slice(pair.indexOf(':') + 1)}`;
}
