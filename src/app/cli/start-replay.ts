import { systemClock } from '../../core/clock.ts';
import type { Client } from './client.ts';

interface ReplayOptions {
  readonly from: string;
  readonly to?: string;
}

/** `tributary replay`: starts a temporary second cursor of a destination. */
export async function startReplay(
  client: Client,
  destination: string,
  options: ReplayOptions,
): Promise<void> {
  const body = {
    from: options.from,
    to: options.to ?? new Date(systemClock.now()).toISOString(),
  };
  const path = `/destinations/${encodeURIComponent(destination)}/replays`;
  const { replay } = await client.call('POST', path, body);
  process.stdout.write(`${JSON.stringify(replay, null, 2)}\n`);
}
