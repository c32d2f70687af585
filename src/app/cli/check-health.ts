import { TributaryError } from '../../core/errors.ts';
import type { Config } from '../config/config.ts';
import { ownAddress } from '../node/own-address.ts';
import { localFetch } from './local-fetch.ts';

/** `tributary health`: prints what `/health` of this configuration's server answers; the exit code is 1 unless that is 200. */
export async function checkHealth(config: Config): Promise<void> {
  const address = ownAddress(config, config);
  const fetch = await localFetch(config);
  let answer: Response;
  try {
    answer = await fetch(`${address}/health`, { headers: {} });
  } catch (cause) {
    throw new TributaryError('unavailable', `No server answers at ${address}`, { cause });
  }
  process.stdout.write(`${await answer.text()}\n`);
  if (!answer.ok) process.exitCode = 1;
}
