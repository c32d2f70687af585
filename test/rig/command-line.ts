import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { repository } from './repository.ts';
import { type Server, testToken } from './server.ts';

interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A `tributary …` command that is running. */
export interface RunningCommand {
  /** What it has printed so far. */
  stdout(): string;
  stderr(): string;
  /** Its end. */
  readonly done: Promise<CommandResult>;
  /** Ends it as Ctrl-C would. */
  interrupt(): Promise<CommandResult>;
}

/** Runs `sh bin/tributary <args>` in the environment of `server`, or in `env` alone. */
export function startCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): RunningCommand {
  const child: ChildProcess = spawn('sh', [join(repository, 'bin/tributary'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const done = once(child, 'close').then(([code]) => ({
    code: typeof code === 'number' ? code : null,
    stdout,
    stderr,
  }));
  return {
    stdout: () => stdout,
    stderr: () => stderr,
    done,
    interrupt: () => {
      child.kill('SIGINT');
      return done;
    },
  };
}

/** The environment in which the command line finds `server`. */
export function environmentOf(server: Server): Record<string, string> {
  return {
    TRIBUTARY_HOST: '127.0.0.1',
    TRIBUTARY_PORT: String(server.port),
    TRIBUTARY_DATA: join(server.folder, 'data'),
    TRIBUTARY_TOKEN: testToken,
  };
}
