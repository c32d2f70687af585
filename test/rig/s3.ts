import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { pip } from '../sdks/install/pip.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
import { tempFolder } from './temp-folder.ts';

const library = 'moto[server,s3]==5.2.5';

/** A server that speaks S3 (moto's), in a process of its own; what it holds is in its memory. */
export interface S3 {
  readonly endpoint: string;
  /** For a place of ours: a new bucket each time, so that tests do not meet. */
  url(prefix?: string): Promise<string>;
  /** Ends it; it can be started again, empty, at the same address. */
  stop(): Promise<void>;
}

export async function startS3(): Promise<S3> {
  const packages = pip(library);
  const folder = await tempFolder('s3');
  const port = await freePort();
  const output = openSync(join(folder.path, 'log'), 'a');
  const child = spawn('python3', ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
    cwd: folder.path,
    stdio: ['ignore', output, output],
    env: { PATH: process.env['PATH'], HOME: folder.path, PYTHONPATH: packages },
  });
  closeSync(output);
  process.once('exit', () => child.kill('SIGKILL'));
  const endpoint = `http://127.0.0.1:${port}`;
  await eventually('the server of S3 answers', async () => (await fetch(endpoint)).ok, {
    within: 60_000,
  });
  let buckets = 0;
  return {
    endpoint,
    url: async (prefix = '') => {
      buckets += 1;
      const bucket = `bucket-${buckets}`;
      const made = await fetch(`${endpoint}/${bucket}`, { method: 'PUT' });
      if (!made.ok) throw new Error(`no bucket: ${made.status} ${await made.text()}`);
      return `s3://test-key:test-secret@${bucket}/${prefix}?endpoint=${endpoint}`;
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      await folder.remove();
    },
  };
}
