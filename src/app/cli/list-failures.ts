import type { Client } from './client.ts';

/** `tributary failures`: one JSON line a failed attempt, newest first. */
export async function listFailures(client: Client, destination: string): Promise<void> {
  const path = `/destinations/${encodeURIComponent(destination)}/delivery-failures`;
  const { failures } = await client.call('GET', path);
  for (const failure of Array.isArray(failures) ? failures : []) {
    process.stdout.write(`${JSON.stringify(failure)}\n`);
  }
}
