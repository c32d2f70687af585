import { randomUUID } from 'node:crypto';
import { TributaryError } from '../../core/errors.ts';
import type { Client } from './client.ts';
import { findSource } from './sources.ts';

interface SendOptions {
  readonly writeKey?: string;
  readonly event: string;
  readonly user: string;
}

/** `tributary send`: one track call as an SDK would make it. */
export async function sendTestEvent(client: Client, options: SendOptions): Promise<void> {
  const writeKey = options.writeKey ?? (await firstWriteKey(client));
  const event = {
    event: options.event,
    userId: options.user,
    messageId: `cli-${randomUUID()}`,
    properties: { sentBy: 'tributary send' },
    context: { library: { name: 'tributary-cli', version: '0.1.0' } },
  };
  const answer = await client.fetch(`${client.trackingAddress}/v1/track`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}` },
    body: JSON.stringify(event),
  });
  process.stdout.write(`${answer.status} ${await answer.text()}  messageId ${event.messageId}\n`);
  if (!answer.ok) process.exitCode = 1;
}

async function firstWriteKey(client: Client): Promise<string> {
  const { writeKeys } = await findSource(client, undefined);
  const key: unknown = Array.isArray(writeKeys) ? writeKeys[0] : undefined;
  if (typeof key === 'string') return key;
  throw new TributaryError(
    'not_found',
    'The first source shows no write key; give one with --write-key',
  );
}
