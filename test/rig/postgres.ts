import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { postgres } from '../services/postgres.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
import { tempFolder } from './temp-folder.ts';

/** A real server of PostgreSQL in a temp folder, on a port of 127.0.0.1. */
export interface Postgres {
  readonly port: number;
  readonly pid: number;
  /** For `TRIBUTARY_STATE`: a new, empty database each time, so that tests do not meet. */
  url(query?: string): Promise<string>;
  /** Runs a statement as the owner of everything; rows as the driver gives them. */
  query(statement: string, database?: string): Promise<Record<string, unknown>[]>;
  start(): Promise<void>;
  /** `SIGINT` ends it with its connections, `SIGQUIT` as a crash would. */
  stop(signal?: 'SIGINT' | 'SIGQUIT'): Promise<void>;
  /** Stops it and removes the folder. */
  remove(): Promise<void>;
  /** What it has logged. */
  log(): string;
}

export interface PostgresOptions {
  /** True: a commit is flushed to disk as in production. Default false, which is much faster. */
  readonly flushed?: boolean;
  /** PEM files for TLS. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Made as a copy of this server, and follows it until it is promoted. */
  readonly standbyOf?: Postgres;
}

const postgresUser = 'tributary';
export const postgresPassword = 'p@ss:w/rd%';
const fast = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/** Makes an empty server and starts it. */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const programs = postgres.find();
  assert(programs !== undefined, 'PostgreSQL is installed by the test command');
  const folder = await tempFolder('postgres');
  const [data, logFile] = [join(folder.path, 'data'), join(folder.path, 'log')];
  const port = await freePort();
  const owner = serverOwner();
  chownSync(folder.path, owner.uid, owner.gid);
  const file = (name: string, text: string) => {
    const path = join(folder.path, name);
    writeFileSync(path, text, { mode: 0o600 });
    chownSync(path, owner.uid, owner.gid);
    return path;
  };
  const run = (program: string, args: readonly string[]) =>
    execFileSync(join(programs, program), args, {
      ...owner,
      cwd: folder.path,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PGPASSWORD: postgresPassword },
    });
  if (options.standbyOf === undefined) {
    const secret = file('password', postgresPassword);
    run('initdb', [
      ...['-D', data, '-U', postgresUser, '--auth=scram-sha-256', `--pwfile=${secret}`],
      ...['--no-sync', '--encoding=UTF8', '--locale=C.UTF-8', '--no-instructions'],
    ]);
  } else {
    const from = ['-h', '127.0.0.1', '-p', String(options.standbyOf.port), '-U', postgresUser];
    run('pg_basebackup', [...from, '-D', data, '-R', '--no-sync', '--checkpoint=fast']);
  }
  const tls = options.tls && [
    'ssl=on',
    `ssl_cert_file=${file('server.crt', options.tls.cert)}`,
    `ssl_key_file=${file('server.key', options.tls.key)}`,
  ];
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    `unix_socket_directories=${folder.path}`,
    'max_connections=300',
    'shared_buffers=32MB',
    ...(options.flushed ? [] : fast),
    ...(tls ?? []),
  ];
  let child: ChildProcess | undefined;
  process.once('exit', () => child?.kill('SIGQUIT'));
  const start = async () => {
    const out = openSync(logFile, 'a');
    const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
    child = spawn(join(programs, 'postgres'), args, {
      ...owner,
      cwd: folder.path,
      stdio: ['ignore', out, out],
    });
    closeSync(out);
    const running = child;
    await eventually(
      'PostgreSQL answers, or ends',
      async () => running.exitCode !== null || (await query('select 1')).length === 1,
    );
    assert.equal(running.exitCode, null, readFileSync(logFile, 'utf8'));
  };
  const stop = async (signal: 'SIGINT' | 'SIGQUIT' = 'SIGINT') => {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill(signal);
    await ended;
  };
  const query = async (statement: string, database = 'postgres') => {
    const client = new Client({
      host: '127.0.0.1',
      port,
      user: postgresUser,
      password: postgresPassword,
      database,
    });
    client.on('error', () => undefined);
    await client.connect();
    try {
      const { rows } = await client.query<Record<string, unknown>>(statement);
      return rows;
    } finally {
      await client.end();
    }
  };
  await start();
  return {
    port,
    get pid() {
      return child?.pid ?? -1;
    },
    url: async (parameters = '') => {
      const database = `t_${randomBytes(6).toString('hex')}`;
      await query(`create database ${database} template template0`);
      return databaseUrl(port, database, parameters);
    },
    query,
    start,
    stop,
    remove: async () => {
      await stop('SIGQUIT');
      await folder.remove();
    },
    log: () => readFileSync(logFile, 'utf8'),
  };
}

export function databaseUrl(port: number, database: string, parameters = ''): string {
  const login = `${postgresUser}:${encodeURIComponent(postgresPassword)}`;
  return `postgres://${login}@127.0.0.1:${port}/${database}${parameters && `?${parameters}`}`;
}

/** The server refuses to run as root: it then runs as the user that its package has made. */
function serverOwner(): { readonly uid: number; readonly gid: number } {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  if (uid !== 0) return { uid, gid };
  const idOf = (kind: '-u' | '-g') => Number(execFileSync('id', [kind, 'postgres']).toString());
  return { uid: idOf('-u'), gid: idOf('-g') };
}
