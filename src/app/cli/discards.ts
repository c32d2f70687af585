import { discardTable } from '../../core/discard-codes.ts';
import { TributaryError } from '../../core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Client } from './client.ts';
import { destinationId } from './destinations.ts';
import { sourceId } from './sources.ts';

export interface DiscardFilterOptions {
  readonly source?: string;
  readonly destination?: string;
  readonly code?: string;
  readonly stage?: string;
  readonly from?: string;
  readonly to?: string;
}

/** `tributary discards`: one JSON line a discard, newest first. */
export async function listDiscards(
  client: Client,
  options: DiscardFilterOptions & { readonly limit: string },
): Promise<void> {
  const filter = await filterOf(client, options);
  let left = Number(options.limit);
  let found = 0;
  for (let cursor: string | undefined = ''; cursor !== undefined && left > 0; ) {
    const query = new URLSearchParams({
      ...filter,
      'pagination.count': String(Math.min(left, 1_000)),
      ...(cursor !== '' && { 'pagination.cursor': cursor }),
    });
    const { discards, pagination } = await client.call('GET', `/discards?${query}`);
    for (const discard of objects(discards)) {
      process.stdout.write(`${JSON.stringify(discard)}\n`);
      left -= 1;
      found += 1;
    }
    cursor = nextOf(pagination);
  }
  if (found === 0) process.stderr.write('no discards\n');
}

/** `tributary discards export`: all of them, as the server streams them. */
export async function exportDiscards(client: Client, options: DiscardFilterOptions): Promise<void> {
  const query = new URLSearchParams(await filterOf(client, options));
  const { body } = await client.open(`/discards/export?${query}`);
  for await (const chunk of body ?? []) process.stdout.write(chunk);
}

/** `tributary discards resend`: page by page; says what was sent, and a line for each that was not. */
export async function resendDiscards(
  client: Client,
  ids: readonly string[],
  options: DiscardFilterOptions,
): Promise<void> {
  const filter = await filterOf(client, options);
  let resent = 0;
  let before = 0;
  let refused = 0;
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const answer: JsonObject = await client.call('POST', '/discards/resend', {
      ...filter,
      ...(ids.length > 0 && { ids }),
      ...(cursor !== '' && { pagination: { cursor } }),
    });
    resent += Array.isArray(answer['resent']) ? answer['resent'].length : 0;
    before += Number(answer['alreadyResent'] ?? 0);
    for (const one of objects(answer['refused'])) {
      process.stderr.write(`${JSON.stringify(one)}\n`);
      refused += 1;
    }
    cursor = nextOf(answer['pagination']);
  }
  process.stdout.write(`${JSON.stringify({ resent, alreadyResent: before, refused })}\n`);
}

/** As the API has it. Throws for a source, destination or code that there is not: nothing would be found of it. */
async function filterOf(
  client: Client,
  options: DiscardFilterOptions,
): Promise<Record<string, string>> {
  const { source, destination, code, stage, from, to } = options;
  if (code !== undefined && !Object.hasOwn(discardTable, code)) {
    const message = `There is no discard code ${code}: docs/reference/discards.md lists them`;
    throw new TributaryError('input_validation', message);
  }
  return {
    ...(source !== undefined && { sourceId: await sourceId(client, source) }),
    ...(destination !== undefined && { destinationId: await destinationId(client, destination) }),
    ...(code !== undefined && { code }),
    ...(stage !== undefined && { stage }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

function objects(list: Json | undefined): readonly JsonObject[] {
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

function nextOf(pagination: Json | undefined): string | undefined {
  const next = isJsonObject(pagination) ? pagination['next'] : undefined;
  return typeof next === 'string' ? next : undefined;
}
