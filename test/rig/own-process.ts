import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';

/** A small server of ours in a process of its own. */
export interface OwnProcess {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

export interface OwnProcessOptions {
  readonly port?: number;
  /** Core to stay on. */
  readonly core?: number;
  readonly args?: readonly string[];
}

/** Runs `file <port> <args…>` and waits until it answers a POST. */
export async function startOwnProcess(
  file: URL,
  options: OwnProcessOptions = {},
): Promise<OwnProcess> {
  const port = options.port ?? (await freePort());
  const args = [fileURLToPath(file), String(port), ...(options.args ?? [])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const pid = child.pid ?? -1;
  if (options.core !== undefined) pin(pid, options.core);
  const ended = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  const listens = async () => {
    const answer = await fetch(url, { method: 'POST' });
    await answer.arrayBuffer();
    return true;
  };
  await eventually(`${file.pathname} listens`, listens);
  return {
    url,
    pid,
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Moves a running process with all its threads to `core`. */
export function pin(pid: number, core: number): void {
  pinAll(pid, [core]);
}

/** The same for several cores. */
export function pinAll(pid: number, cores: readonly number[]): void {
  execFileSync('taskset', ['-a', '-p', '-c', cores.join(','), String(pid)], { stdio: 'ignore' });
}

/** A webhook that counts, in a process of its own, for more load than a test should itself carry. */
export interface CountingWebhook extends OwnProcess {
  /** Deliveries so far. */
  count(): Promise<number>;
}

export async function startCountingWebhook(
  options: OwnProcessOptions = {},
): Promise<CountingWebhook> {
  const own = await startOwnProcess(new URL('counting-webhook.ts', import.meta.url), options);
  const probes = await readCount(own.url); // The POST that found it listening counted too.
  return { ...own, count: async () => (await readCount(own.url)) - probes };
}

async function readCount(url: string): Promise<number> {
  return Number(await (await fetch(url)).text());
}
