import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, eventuallyMs } from './eventually.ts';
import { freePort } from './free-port.ts';
import { type ProcessFact, processGroup, processTree } from './process-tree.ts';
import { repository } from './repository.ts';

export const testToken = 'test-token-0123456789abcdef';
export const testWriteKey = 'test-write-key';

export interface ServerOptions {
  /** Folder for data and the log; kept by the caller, also across restarts. */
  readonly folder: string;
  /** A port of 127.0.0.1; a free one without it. */
  readonly port?: number;
  /** Further variables of the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The command, run in the checkout. Default `sh bin/tributary serve`. */
  readonly command?: readonly string[];
  /** False: do not wait until `/health` answers 200. */
  readonly ready?: boolean;
}

/** How the started command ended. */
interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A server started as a user starts it: a command in a process group of its own. */
export interface Server {
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  /** The started command: also the id of the process group. */
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** The processes below the command, itself included. */
  tree(): ProcessFact[];
  /** What it printed, over all starts in this folder. */
  log(): string;
  /** Waits until `/health` answers 200; fails at once when the command ends first. */
  ready(within?: number): Promise<void>;
  /** Sends `signal` to the command (or to its group) and waits until the whole group has ended. */
  stop(signal?: NodeJS.Signals, to?: 'command' | 'group', within?: number): Promise<Exit>;
  /** SIGKILL to the whole group at once, as a power cut would; resolves when nothing of it is left. */
  kill(): Promise<Exit>;
}

export async function startServer(options: ServerOptions): Promise<Server> {
  const port = options.port ?? (await freePort());
  mkdirSync(options.folder, { recursive: true });
  const logFile = join(options.folder, 'server.log');
  const child = spawnCommand(options, port, logFile);
  const exited = new Promise<Exit>((resolve) => {
    child.once('error', () => resolve({ code: 127, signal: null }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const server = handle(child.pid ?? -1, port, options.folder, logFile, exited);
  if (options.ready === false) return server;
  try {
    await server.ready();
  } catch (problem) {
    await server.kill();
    throw problem;
  }
  return server;
}

function spawnCommand(options: ServerOptions, port: number, logFile: string): ChildProcess {
  const [program = 'sh', ...args] = options.command ?? ['sh', 'bin/tributary', 'serve'];
  const output = openSync(logFile, 'a');
  const child = spawn(program, args, {
    cwd: repository,
    detached: true,
    stdio: ['ignore', output, output],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      TRIBUTARY_HOST: '127.0.0.1',
      TRIBUTARY_PORT: String(port),
      TRIBUTARY_DATA: join(options.folder, 'data'),
      TRIBUTARY_TOKEN: testToken,
      TRIBUTARY_WRITE_KEY: testWriteKey,
      ...options.env,
    },
  });
  closeSync(output);
  return child;
}

function handle(
  pid: number,
  port: number,
  folder: string,
  logFile: string,
  exited: Promise<Exit>,
): Server {
  let over: Exit | undefined;
  void exited.then((exit) => {
    over = exit;
  });
  const log = () => readFileSync(logFile, 'utf8');
  const groupGone = (within = eventuallyMs) =>
    eventually('the process group has ended', () => processGroup(pid).length === 0, { within });
  const server: Server = {
    url: `http://127.0.0.1:${port}`,
    port,
    folder,
    pid,
    exited,
    tree: () => processTree(pid),
    log,
    ready: async (within = eventuallyMs) => {
      const deadline = performance.now() + within;
      while (!(await isHealthy(`http://127.0.0.1:${port}`))) {
        if (over !== undefined) throw notReady(`it ended with ${JSON.stringify(over)}`, log());
        if (performance.now() > deadline) throw notReady(`not within ${within} ms`, log());
        await sleep(10);
      }
    },
    stop: async (signal = 'SIGTERM', to = 'command', within = eventuallyMs) => {
      signalProcess(to === 'group' ? -pid : pid, signal);
      await groupGone(within);
      return exited;
    },
    kill: async () => {
      signalProcess(-pid, 'SIGKILL');
      await groupGone();
      return exited;
    },
  };
  return server;
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(2_000) });
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    return false; // Not listening yet.
  }
}

/** Sends a signal; a process that has ended already is no problem. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (problem) {
    if (!(problem instanceof Error && 'code' in problem && problem.code === 'ESRCH')) throw problem;
  }
}

function notReady(why: string, log: string): Error {
  return new Error(`the server is not ready: ${why}\n${log.slice(-4_000)}`);
}
