import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { valuesAt } from '../e2e/assert-delivery.ts';
import { api, valueAt } from '../rig/api.ts';
import { environmentOf } from '../rig/command-line.ts';
import { eventually } from '../rig/eventually.ts';
import { type Receiver, signatureOf, startReceiver } from '../rig/receiver.ts';
import { repository } from '../rig/repository.ts';
import { type Server, startServer, testToken } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';

interface GuideStand {
  readonly server: Server;
  readonly receiver: Receiver;
  /** Where the commands run. */
  readonly folder: string;
}

async function startGuideStand(t: TestContext): Promise<GuideStand> {
  const folder = await tempFolder('guide');
  const receiver = await startReceiver();
  const server = await startServer({ folder: join(folder.path, 'server') });
  t.after(async () => {
    await server.kill();
    await receiver.close();
    await folder.remove();
  });
  // As who follows a guide does: once it has said so.
  await eventually('it runs', () => server.log().includes('Tributary is running.'));
  return { server, receiver, folder: folder.path };
}

/** The commands of a guide, as one script: only the addresses are those of the test. */
function commandsOf(guide: string, { server, receiver }: GuideStand): string {
  const page = readFileSync(join(repository, 'docs/guides', guide), 'utf8');
  const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, commands]) => commands);
  assert(blocks.length >= 5, 'the guide has commands');
  return blocks
    .join('\n')
    .replaceAll('bin/tributary', `sh '${join(repository, 'bin/tributary')}'`)
    .replaceAll('localhost:8080', `127.0.0.1:${server.port}`)
    .replaceAll('localhost:9000', `127.0.0.1:${receiver.port}`);
}

/** Runs them all; returns what they printed. */
async function follow(guide: string, stand: GuideStand): Promise<string> {
  const shell = spawn('sh', ['-eu'], {
    cwd: stand.folder,
    env: { PATH: process.env['PATH'], ...environmentOf(stand.server), TOKEN: testToken },
  });
  shell.stdin.end(commandsOf(guide, stand));
  const output = Promise.all([text(shell.stdout), text(shell.stderr)]);
  const [code] = await once(shell, 'close');
  const said = (await output).join('\n');
  assert.equal(code, 0, said);
  return said;
}

/** An archive as Segment writes it: two gzipped files, one event a line. */
function layArchive(folder: string, count: number): void {
  mkdirSync(join(folder, 'archive'));
  const lines = Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      type: 'track',
      event: `Old ${index}`,
      userId: 'user-1',
      messageId: `old-${index}`,
      timestamp: new Date(Date.UTC(2024, 0, 1, 0, 0, index)).toISOString(),
      originalTimestamp: '2024-01-01T09:09:09.000Z',
      sentAt: '2024-01-01T09:09:10.000Z',
      receivedAt: '2024-01-01T00:00:01.000Z',
      projectId: 'theirs',
      version: 2,
    }),
  );
  const half = Math.floor(count / 2);
  for (const [name, part] of [
    ['1.gz', lines.slice(0, half)],
    ['2.gz', lines.slice(half)],
  ] as const) {
    writeFileSync(join(folder, 'archive', name), gzipSync(`${part.join('\n')}\n`));
  }
}

test('the commands of the guide from Segment do what it says', async (t) => {
  const stand = await startGuideStand(t);
  layArchive(stand.folder, 250);
  const said = await follow('migrate-from-segment.md', stand);
  assert.match(said, /^250 events$/m);
  const { server, receiver } = stand;
  const sent = await receiver.waitFor('both events', (all) => all.length >= 2);
  assert.deepEqual(valuesAt(sent, 'event').sort(), ['Signed Up', 'Test Event']);
  const [first] = sent;
  assert.equal(
    first?.headers['x-signature'],
    signatureOf(first?.text ?? '', 'the one it has at Segment'),
  );

  // What was imported is in the log: a destination gets it by a replay, with its times.
  const { data } = await api(server, 'GET', '/sources');
  const history = [0, 1, 2].map((at) => valueAt(data, `sources.${at}`)).find(isHistory);
  const made = await api(server, 'POST', '/destinations', {
    sourceId: String(valueAt(history, 'id')),
    metadataId: 'webhooks',
    name: 'history',
    enabled: true,
    settings: { hooks: [receiver.url] },
  });
  const id = String(valueAt(made, 'data.destination.id'));
  const to = new Date(Date.now() + 1_000).toISOString();
  await api(server, 'POST', `/destinations/${id}/replays`, { from: '2026-01-01T00:00:00Z', to });
  const all = await receiver.waitFor('the history', (taken) => taken.length >= 252);
  const old = all.slice(2);
  assert.equal(new Set(valuesAt(old, 'messageId')).size, 250);
  assert.equal(valuesAt(old, 'event')[7], 'Old 7');
  assert.equal(valuesAt(old, 'timestamp')[7], '2024-01-01T00:00:07.000Z');
});

const isHistory = (source: unknown) => valueAt(source, 'slug') === 'history';

test('the commands of the guide from RudderStack do what it says', async (t) => {
  const stand = await startGuideStand(t);
  const said = await follow('migrate-from-rudderstack.md', stand);
  assert.match(said, /"writeKey":"2abCdEfGhIjKlMnOpQrStUvWxYz"/);
  const taken = await stand.receiver.waitFor('both events', (all) => all.length >= 2);
  assert.deepEqual(valuesAt(taken, 'type'), ['identify', 'track']);
  assert.partialDeepStrictEqual(taken[0]?.event, { userId: 'ada', traits: { plan: 'pro' } });
});
