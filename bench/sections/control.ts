import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isJsonObject, type JsonObject } from '../../src/core/json.ts';
import { stateStores } from '../../src/storage/open-state.ts';
import { api, valueAt } from '../../test/rig/api.ts';
import { memoryOf } from '../../test/rig/process-tree.ts';
import { type Server, startServer, testToken } from '../../test/rig/server.ts';
import { basic, track } from '../../test/rig/track.ts';
import type { Bench, Section } from '../bench.ts';
import { type Finding, finding } from '../finding.ts';
import { quantile } from '../quartiles.ts';

/** Sources, and as many destinations, of a large workspace and of a small one. */
const sizes = { large: 5_000, small: 10 } as const;

export const control: Section = {
  name: 'control',
  about: `the Public API and its effect with ${sizes.large} sources and destinations, and with ${sizes.small}`,
  run: async (bench) => {
    const small = await measure(bench, sizes.small);
    const large = await measure(bench, sizes.large);
    return figures(large, small);
  },
};

/** Milliseconds of each request by what was asked, and what the processes take, MB. */
interface Measured {
  readonly times: ReadonlyMap<string, readonly number[]>;
  /** Of the tree, after each round of writes. */
  readonly memory: readonly number[];
}

function figures(large: Measured, small: Measured): Finding[] {
  const bars = new Map([
    ['visible in the data plane', 1_000],
    ['write', Number.NaN],
  ]);
  const found = [...large.times].flatMap(([what, times]) => {
    const p99 = quantile(
      times.toSorted((a, b) => a - b),
      0.99,
    );
    const smallTimes = small.times.get(what) ?? [];
    const few = quantile(
      smallTimes.toSorted((a, b) => a - b),
      0.99,
    );
    const below = bars.get(what) ?? 20;
    const bar = Number.isNaN(below) ? {} : { bar: { below } };
    return [
      finding(`control: ${what}, p99`, 'ms', [p99], bar),
      finding(`control: ${what}, median`, 'ms', times),
      finding(`control: ${what}, p99 over that of ${sizes.small}`, '', [p99 / few]),
    ];
  });
  const [first = Number.NaN] = large.memory;
  const last = large.memory.at(-1) ?? Number.NaN;
  return [
    ...found,
    finding('control: RSS summed over the tree after the writes', 'MB', [last]),
    finding('control: RSS after the writes over before', '', [last / first], {
      bar: { below: 1.15 },
    }),
  ];
}

async function measure(bench: Bench, size: number): Promise<Measured> {
  const options = {
    folder: bench.folder(),
    env: { TRIBUTARY_LOG_LEVEL: 'warn', TRIBUTARY_API_RATE_LIMIT: '1000000' },
  };
  const empty = await startServer(options);
  const kind = await webhookKind(empty);
  await empty.stop();
  await fill(join(options.folder, 'data'), size, kind);
  const server = await startServer(options);
  try {
    return await load(bench, server);
  } finally {
    await server.kill();
  }
}

async function load(bench: Bench, server: Server): Promise<Measured> {
  const requests = bench.quick ? 50 : 300;
  const ask = asking(server);
  const times = new Map<string, number[]>();
  const timed = async (what: string, task: () => Promise<unknown>, kept = true) => {
    const begun = performance.now();
    await task();
    if (kept) times.set(what, [...(times.get(what) ?? []), performance.now() - begun]);
  };
  const middle = (name: string) => async () => {
    const list = valueAt(
      await api(server, 'GET', `/${name}?pagination[count]=200`),
      `data.${name}`,
    );
    const items = Array.isArray(list) ? list.filter(isJsonObject) : [];
    return String(items[Math.floor(items.length / 2)]?.['id']);
  };
  const source = await middle('sources')();
  const destination = await middle('destinations')();
  const reads = {
    'list of 200 sources': '/sources?pagination[count]=200',
    'list of 200 destinations': '/destinations?pagination[count]=200',
    'get of a source': `/sources/${source}`,
    'get of a destination': `/destinations/${destination}`,
  };
  for (let round = -20; round < requests; round++) {
    for (const [what, path] of Object.entries(reads)) {
      await timed(what, () => ask('GET', path), round >= 0);
    }
  }
  const memory: number[] = [];
  const writes = bench.quick ? 20 : 60;
  for (let part = 0; part < 4; part++) {
    for (let round = 0; round < writes; round++) {
      const name = `Named ${part} ${round}`;
      const path = `/destinations/${destination}`;
      await timed('write', () => ask('PATCH', path, { name }), part > 0);
    }
    // The first part has warmed up what is measured.
    await sleep(1_000);
    memory.push(memoryOf(server.tree().map(({ pid }) => pid)).rss);
  }
  for (let round = 0; round < (bench.quick ? 5 : 30); round++) {
    await timed('visible in the data plane', () => visible(server, round));
  }
  return { times, memory };
}

/** A new source, until its write key is known where events are taken. */
async function visible(server: Server, round: number): Promise<void> {
  const body = { slug: `bench-visible-${round}`, metadataId: 'http-api', enabled: true };
  const made = await api(server, 'POST', '/sources', body);
  const key = String(valueAt(made, 'data.source.writeKeys.0'));
  const event = { userId: 'u', event: 'E' };
  const headers = { authorization: basic(key) };
  while ((await track(server, '/v1/track', event, headers)).status !== 200) await sleep(1);
}

function asking(server: Server) {
  return async (method: 'GET' | 'PATCH', path: string, body?: JsonObject): Promise<void> => {
    const answer = await fetch(`${server.url}/api${path}`, {
      method,
      headers: { authorization: `Bearer ${testToken}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
  };
}

async function webhookKind(server: Server): Promise<string> {
  const answer = await api(server, 'GET', '/catalog/destinations?pagination[count]=1000');
  const kinds = valueAt(answer, 'data.destinationsCatalog');
  const list = Array.isArray(kinds) ? kinds.filter(isJsonObject) : [];
  return String(list.find(({ slug }) => slug === 'webhooks')?.['id']);
}

/** The sources and destinations of a workspace, written at once into the tables of a stopped server. */
async function fill(data: string, size: number, webhooks: string): Promise<void> {
  const store = await stateStores(`sqlite:${data}`).openControl();
  await store.db.transaction().execute(async (db) => {
    const workspace = await db.selectFrom('workspace').selectAll().executeTakeFirstOrThrow();
    const { metadata_id } = await db.selectFrom('source').selectAll().executeTakeFirstOrThrow();
    const first = Number(workspace.revision) + 1;
    for (let index = 0; index < size; index++) {
      const id = `bench-${index}`;
      const stamp = { position: first + index, created_at: 0 };
      const common = { enabled: 1, settings: '{}' };
      const source = { id: `s-${id}`, slug: id, name: id, workspace_id: workspace.id };
      await db
        .insertInto('source')
        .values({ ...source, ...stamp, ...common, metadata_id, limits: '{}' })
        .execute();
      await db
        .insertInto('write_key')
        .values({ write_key: `key-${id}`, source_id: source.id, ...stamp })
        .execute();
      const settings = JSON.stringify({ hooks: [`http://127.0.0.1:9/${index}`] });
      await db
        .insertInto('destination')
        .values({
          id: `d-${id}`,
          source_id: source.id,
          metadata_id: webhooks,
          name: `Hook ${index}`,
          since: 0,
          ...stamp,
          ...common,
          settings,
        })
        .execute();
    }
    await db
      .updateTable('workspace')
      .set({ revision: first + size })
      .execute();
  });
  await store.close();
}
