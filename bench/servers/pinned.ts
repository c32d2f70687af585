import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { eventually } from '../../test/rig/eventually.ts';
import { freePort } from '../../test/rig/free-port.ts';

/** A helper server of the benchmark in its own process, on its own core. */
export interface Pinned {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts `bench/servers/<name>.ts <port> <args…>` on `core` and waits until it listens. */
export async function startPinned(
  name: string,
  core: number,
  args: readonly string[] = [],
): Promise<Pinned> {
  const port = await freePort();
  const file = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const command = ['-c', String(core), process.execPath, file, String(port), ...args];
  const child = spawn('taskset', command, { stdio: ['ignore', 'inherit', 'inherit'] });
  const url = `http://127.0.0.1:${port}`;
  const ended = once(child, 'exit');
  await eventually(`${name} listens`, async () => (await fetch(url, { method: 'POST' })).ok);
  return {
    url,
    pid: child.pid ?? -1,
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Moves a running process with all its threads to `core`. */
export function pin(pid: number, core: number): void {
  execFileSync('taskset', ['-a', '-p', '-c', String(core), String(pid)], { stdio: 'ignore' });
}
