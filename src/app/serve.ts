import { processEnvironment, readConfig } from './config/config.ts';
import { supervise } from './supervisor/supervise.ts';

/** `tributary serve`: runs a node until it is told to stop, then exits with its code. */
export async function serve(): Promise<void> {
  const { config, warnings } = await readConfig(processEnvironment());
  for (const { key, problem } of warnings) process.stderr.write(`tributary: ${key} ${problem}\n`);
  process.exit(await supervise(config));
}
