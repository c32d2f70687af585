import { processEnvironment, readConfig } from './config/config.ts';
import { runNode } from './supervise/run-node.ts';

/**
 * `tributary serve`: runs a node until it is told to stop, then exits. The exit code is 0, or 78 when it
 * cannot start as it is configured; any other is a crash. `restarts` is how often it has crashed before.
 */
export async function serve(restarts: number): Promise<void> {
  const { config, warnings } = await readConfig(processEnvironment());
  for (const { key, problem } of warnings) process.stderr.write(`tributary: ${key} ${problem}\n`);
  process.exit(await runNode(config, restarts));
}
