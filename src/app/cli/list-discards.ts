import { isJsonObject } from '../../core/json.ts';
import type { Client } from './client.ts';

interface DiscardOptions {
  readonly source?: string;
  readonly destination?: string;
  readonly code?: string;
  readonly limit: string;
}

/** `tributary discards`: one JSON line a discard, newest first. */
export async function listDiscards(client: Client, options: DiscardOptions): Promise<void> {
  const query = new URLSearchParams({ 'pagination.count': options.limit });
  if (options.source !== undefined) query.set('sourceId', options.source);
  if (options.destination !== undefined) query.set('destinationId', options.destination);
  if (options.code !== undefined) query.set('code', options.code);
  const { discards } = await client.call('GET', `/discards?${query}`);
  const list = Array.isArray(discards) ? discards.filter(isJsonObject) : [];
  for (const discard of list) process.stdout.write(`${JSON.stringify(discard)}\n`);
  if (list.length === 0) process.stderr.write('no discards\n');
}
