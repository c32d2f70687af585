import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { pip } from '../../sdks/install/pip.ts';
import { eventually } from '../eventually.ts';
import { freePort } from '../free-port.ts';
import { tempFolder } from '../temp-folder.ts';

const library = 'chdb-core==26.9.0';

/**
 * ClickHouse: its own engine, version 26.9, as PyPI has it for Python, behind an HTTP interface of ours (`server.py`). It takes
 * any user and any password but `wrong`.
 */
export interface Clickhouse {
  readonly port: number;
  stop(): Promise<void>;
}

export async function startClickhouse(): Promise<Clickhouse> {
  const packages = pip(library);
  const folder = await tempFolder('clickhouse');
  const port = await freePort();
  const output = openSync(join(folder.path, 'log'), 'a');
  const server = join(import.meta.dirname, 'server.py');
  const child = spawn('python3', [server, String(port), join(folder.path, 'data')], {
    cwd: folder.path,
    stdio: ['ignore', output, output],
    env: { PATH: process.env['PATH'], HOME: folder.path, PYTHONPATH: packages },
  });
  closeSync(output);
  const endpoint = `http://127.0.0.1:${port}`;
  process.once('exit', () => child.kill('SIGKILL'));
  await eventually('ClickHouse answers', async () => (await fetch(`${endpoint}/ping`)).ok, {
    within: 60_000,
  });
  return {
    port,
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      await folder.remove();
    },
  };
}
