import { createRequire } from 'node:module';
import { Agent, request } from 'undici';
import { systemClock } from '../../src/core/clock.ts';
import { compileFilters } from '../../src/core/filters/compile-filters.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { createHttp } from '../../src/deliver/http/create-http.ts';
import { destinationDefinitions } from '../../src/destinations/destination-definitions.ts';
import { libraryDefinitions } from '../../src/destinations/library/library-definitions.ts';
import { compileMapping } from '../../src/destinations/library/mapping/compile-mapping.ts';
import type { MappingKit } from '../../src/destinations/library/mapping/known-mappings.ts';
import { startCountingWebhook } from '../../test/rig/own-process.ts';
import type { Bench } from '../bench.ts';
import { type Finding, finding, ratioFinding } from '../finding.ts';
import { openDeliveryStage } from '../load/delivery-stage.ts';

const batchSize = 100;
const every = ['track', 'identify', 'page', 'screen', 'group', 'alias'];
const trigger = every.map((type) => `type = "${type}"`).join(' or ');
const paths = [
  ...['event', 'userId', 'anonymousId', 'timestamp', 'messageId', 'type', 'context.ip'],
  ...['context.library.name', 'properties.price', 'context.page.url'],
];

/**
 * What delivery costs, in CPU of this process, by kind of destination. Figures are events (requests) a second and core. The
 * yardsticks are undici's own requests, one event each or a hundred: ready-made texts, nothing looked at.
 */
export async function sendFindings(bench: Bench): Promise<readonly Finding[]> {
  const webhook = await startCountingWebhook({ core: bench.cores.rest });
  const tokens = { read: async () => undefined, write: async () => undefined };
  const options = { clock: systemClock, tokens, ownConnections: new Set<string>() };
  const definitions = [...destinationDefinitions, ...(await libraryDefinitions(options))];
  const stage = await openDeliveryStage(bench.folder(), bench.quick ? 5_000 : 20_000, definitions);
  const agent = new Agent({ connections: 64 });
  const http = createHttp({ allowPrivateTargets: true, clock: systemClock });
  const { texts } = stage;
  try {
    const post = async (body: string): Promise<void> => {
      const headers = { 'content-type': 'application/json' };
      const { url } = webhook;
      const answer = await request(url, { method: 'POST', dispatcher: agent, headers, body });
      await answer.body.dump();
    };
    const bare = (size: number, connections: number) => async () => {
      let at = 0;
      const worker = async () => {
        while (at < texts.length) {
          const some = texts.slice(at, at + size);
          at += size;
          await post(size === 1 ? (some[0] ?? '') : `[${some.join(',')}]`);
        }
      };
      const begun = process.cpuUsage();
      await Promise.all(Array.from({ length: connections }, worker));
      const { user, system } = process.cpuUsage(begun);
      return (user + system) / texts.length;
    };
    const subscribed = (data: JsonObject, batched: boolean) => {
      const target = { url: webhook.url, method: 'POST', data };
      const batch = { enable_batching: batched, batch_size: batchSize };
      const mapping = { ...target, ...batch, batch_keys: ['url'] };
      return [{ id: 's', name: 'S', action: 'send', trigger, mapping }];
    };
    const library = (data: JsonObject, batched: boolean) => () =>
      stage.deliver({
        ...{ slug: 'actions-webhook', settings: {} },
        subscriptions: subscribed(data, batched),
      });
    const made = definitions
      .find(({ slug }) => slug === 'actions-webhook')
      ?.lanes({}, { connection: 'c', subscriptions: subscribed(mappingOf(10), true) });
    const lane = made?.ok ? made.lanes[0] : undefined;
    const parsed = texts.map((text) => ({ text, event: JSON.parse(text) }));
    const action = async () => {
      const context = { http, signal: new AbortController().signal, now: Date.now };
      let at = 0;
      const worker = async () => {
        while (at < texts.length) {
          const batch = parsed.slice(at, at + batchSize).map((one) => ({ ...one, memory: {} }));
          at += batchSize;
          for (const { event } of batch) lane?.batches?.groupOf(event);
          const results = await lane?.batches?.sendBatch(batch, context);
          if (!results?.every(({ kind }) => kind === 'delivered')) throw new Error('not delivered');
        }
      };
      const begun = process.cpuUsage();
      await Promise.all(Array.from({ length: 8 }, worker));
      const { user, system } = process.cpuUsage(begun);
      return (user + system) / texts.length;
    };
    const hooks = { slug: 'webhooks', settings: { hooks: [webhook.url] } };
    const filters = [
      { if: "event = 'no such event' and type = 'track'", actions: [{ type: 'DROP' as const }] },
    ];
    const cases = {
      single: bare(1, 64),
      batch: bare(batchSize, 8),
      webhook: () => stage.deliver(hooks),
      filtered: () => stage.deliver({ ...hooks, filters }),
      forty: library(mappingOf(40), false),
      action,
      tenBatched: library(mappingOf(10), true),
      fortyBatched: library(mappingOf(40), true),
    };
    const rates = new Map<string, number[]>();
    for (let round = -1; round < bench.rounds; round += 1) {
      for (const [name, run] of Object.entries(cases)) {
        const rate = 1e6 / (await run());
        if (round >= 0) rates.set(name, [...(rates.get(name) ?? []), rate]);
      }
    }
    const of = (name: keyof typeof cases) => rates.get(name) ?? [];
    const unit = 'events/s and core';
    return [
      finding('bare undici, one event a request', unit, of('single')),
      finding('bare undici, 100 a request', unit, of('batch')),
      ratioFinding('deliver: webhook / bare', of('webhook'), of('single'), {
        bar: { atLeast: 0.35 },
      }),
      ratioFinding('deliver: webhook with an FQL filter / bare', of('filtered'), of('single')),
      ratioFinding('deliver: library, 40 fields, one by one / bare', of('forty'), of('single')),
      ratioFinding(
        'action of the library, 10 fields, batches of 100 / bare',
        of('action'),
        of('batch'),
        {
          bar: { atLeast: 0.6 },
          mayExceedOne: true,
        },
      ),
      ratioFinding(
        'deliver: library, 10 fields, batches of 100 / bare',
        of('tenBatched'),
        of('batch'),
      ),
      ratioFinding(
        'deliver: library, 40 fields, batches of 100 / bare',
        of('fortyBatched'),
        of('batch'),
      ),
      ...steps(texts, bench.rounds),
    ];
  } finally {
    await agent.close();
    await http.close();
    await stage.close();
    await webhook.stop();
  }
}

/** What is done to an event alone: a filter, and a mapping by us and by the library. */
function steps(texts: readonly string[], rounds: number): Finding[] {
  const require = createRequire(import.meta.url);
  const packaged = createRequire(require.resolve('@segment/action-destinations'));
  const core = createRequire(packaged.resolve('@segment/actions-core'));
  const path = core.resolve('./mapping-kit/index.js');
  // A second copy, in which nothing is replaced.
  delete require.cache[path];
  const kit: MappingKit = core(path);
  const events: JsonObject[] = texts.slice(0, 5_000).map((text) => JSON.parse(text));
  const filter = compileFilters([
    { if: "event = 'no such event' and type = 'track'", actions: [{ type: 'DROP' }] },
  ]);
  const mapping = mappingOf(40);
  const compiled = compileMapping(mapping, (part, event) => kit.transform(part, event));
  const timed = (work: (event: JsonObject) => unknown): number => {
    const begun = process.cpuUsage();
    for (const event of events) work(event);
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / events.length;
  };
  const filtering: number[] = [];
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const found = [
      timed((event) => filter?.refuse(event, () => 0)),
      timed((event) => compiled?.(event)),
      timed((event) => kit.transform(mapping, event)),
    ];
    if (round < 0) continue;
    filtering.push(found[0] ?? 0);
    ours.push(found[1] ?? 0);
    theirs.push(found[2] ?? 0);
  }
  return [
    finding('a simple filter', 'µs an event', filtering, { bar: { below: 10 } }),
    finding('mapping of 40 fields, ours', 'µs an event', ours),
    ratioFinding('mapping of 40 fields, ours / the library', ours, theirs, {
      bar: { below: 1 },
      mayExceedOne: true,
    }),
  ];
}

function mappingOf(fields: number): JsonObject {
  return Object.fromEntries(
    Array.from({ length: fields }, (_, n) => [
      `f${n}`,
      { '@path': `$.${paths[n % paths.length]}` },
    ]),
  );
}
