import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../rig/free-port.ts';
import { type Server, type ServerOptions, signalProcess, startServer } from '../rig/server.ts';

/** A node of a cluster: the same program in a data folder of its own. */
export interface Node {
  readonly name: string;
  readonly port: number;
  /** As it runs now, or ran last. */
  readonly server: Server;
  /** False between its end and its next start: whoever sends goes elsewhere. */
  readonly isUp: boolean;
  start(): Promise<void>;
  /** SIGKILL to all its processes at once. */
  kill(): Promise<void>;
  /** SIGTERM: it finishes and leaves. */
  stop(): Promise<void>;
  /** SIGSTOP to all its processes: it is there, and does nothing. */
  pause(): void;
  resume(): void;
}

export interface NodeOptions {
  readonly name: string;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
}

export async function startNode({ name, folder, env, command }: NodeOptions): Promise<Node> {
  const options: ServerOptions = {
    folder: join(folder, name),
    port: await freePort(),
    env: { TRIBUTARY_RATE_LIMIT: '0', TRIBUTARY_LOG_LEVEL: 'info', ...env },
    ...(command && { command }),
  };
  let server = await startServer(options);
  let isUp = true;
  return {
    name,
    port: server.port,
    get server() {
      return server;
    },
    get isUp() {
      return isUp;
    },
    start: async () => {
      server = await startServer(options);
      isUp = true;
    },
    kill: async () => {
      isUp = false;
      await server.kill();
    },
    stop: async () => {
      isUp = false;
      await server.stop();
    },
    pause: () => {
      isUp = false;
      signalProcess(-server.pid, 'SIGSTOP');
    },
    resume: () => {
      signalProcess(-server.pid, 'SIGCONT');
      isUp = true;
    },
  };
}

/** A clock that can be set from outside, for a process that loads `library` first. */
export function stepClock(library: string, file: string) {
  const set = (seconds: number) => writeFileSync(file, `${seconds < 0 ? '' : '+'}${seconds}s\n`);
  set(0);
  return {
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      // Waiting uses the monotonic clock; with it faked, timers would end early.
      FAKETIME_FORCE_MONOTONIC_FIX: '0',
    },
    set,
  };
}
