import { join } from 'node:path';
import { after, before, type TestContext } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { systemClock } from '../../src/core/clock.ts';
import { openObjectStore } from '../../src/storage/open-object-store.ts';
import { type S3, startS3 } from '../rig/s3.ts';
import { type Server, startServer } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { python } from '../services/toolchains.ts';

/** Where archives of the tests of a file are kept: a folder, and a server that speaks S3. */
export function archivePlaces() {
  let s3: S3 | undefined;
  before(async () => {
    if (python.find() !== undefined) s3 = await startS3();
  });
  after(() => s3?.stop());
  const missing = python.find() === undefined && 'Python cannot be installed here';
  return [
    { name: 'a folder', skip: false, url: async (folder: string) => `file:${join(folder, 'a')}` },
    { name: 'S3', skip: missing, url: async () => (await s3?.url('archive')) ?? '' },
  ];
}

/** A server that archives every second, and what its archive holds. */
export async function archivingServer(
  t: TestContext,
  urlIn: (folder: string) => Promise<string>,
  env: Readonly<Record<string, string>> = {},
) {
  const folder = await tempFolder('archive');
  const url = await urlIn(folder.path);
  const variables = { TRIBUTARY_ARCHIVE: url, TRIBUTARY_ARCHIVE_SECONDS: '1', ...env };
  const options = { folder: folder.path, env: variables };
  const running: { server: Server } = { server: await startServer(options) };
  const { port } = running.server;
  t.after(async () => {
    await running.server.kill();
    await folder.remove();
  });
  return {
    folder: folder.path,
    variables,
    get server() {
      return running.server;
    },
    restart: async () => {
      running.server = await startServer({ ...options, port });
    },
    /** Every line of every file. */
    lines: async (): Promise<{ userId?: string; messageId?: string }[]> => {
      const objects = await openObjectStore(url, { clock: systemClock });
      const all: { userId?: string; messageId?: string }[] = [];
      for await (const { key } of objects.list('')) {
        const text = gunzipSync((await objects.get(key))?.body ?? Buffer.alloc(0)).toString();
        for (const line of text.split('\n').slice(0, -1)) all.push(JSON.parse(line));
      }
      await objects.close();
      return all;
    },
  };
}
