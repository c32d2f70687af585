import { type ChildProcess, spawn } from 'node:child_process';
import { testEnvironment } from '../env.ts';
import { processGroup, processTree } from '../rig/process-tree.ts';
import { repository } from '../rig/repository.ts';
import { signalProcess } from '../rig/server.ts';

export interface ProcessEnd {
  readonly ok: boolean;
  readonly timedOut: boolean;
  /** stdout and stderr as they came, at most the last MB. */
  readonly output: string;
  readonly seconds: number;
}

const outputMost = 1024 * 1024;
const running = new Set<ChildProcess>();

/**
 * Runs a program in the repository, in a process group of its own. After `timeoutMs` it is killed with
 * everything it started; what it leaves behind when it ends is killed too.
 */
export async function runProcess(
  program: string,
  args: readonly string[],
  timeoutMs: number,
  more: Readonly<Record<string, string>> = {},
): Promise<ProcessEnd> {
  const began = performance.now();
  const child = spawn(program, args, {
    cwd: repository,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: testEnvironment(more),
  });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-outputMost);
    });
  }
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    killTree(child);
  }, timeoutMs);
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', (problem) => {
      output += problem.message;
      resolve(127);
    });
    child.once('close', resolve);
    // A process that outlives its parent may hold the pipes open: `close` then never comes.
    child.once('exit', (status) => {
      for (const { pid } of processGroup(child.pid ?? -1)) signalProcess(pid, 'SIGKILL');
      setTimeout(resolve, 2_000, status).unref();
    });
  });
  clearTimeout(timer);
  running.delete(child);
  const seconds = (performance.now() - began) / 1_000;
  return { ok: code === 0 && !timedOut, timedOut, output, seconds };
}

function killTree(child: ChildProcess): void {
  for (const { pid } of processTree(child.pid ?? -1)) signalProcess(pid, 'SIGKILL');
}

/** When the runner itself is told to end, nothing that it started stays. */
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.once(signal, () => {
    for (const child of running) killTree(child);
    process.exit(code);
  });
}
