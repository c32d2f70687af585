import { setTimeout as sleep } from 'node:timers/promises';
import { addWebhook, api, firstSource, valueAt } from '../../test/rig/api.ts';
import { eventually } from '../../test/rig/eventually.ts';
import { type Receiver, startReceiver } from '../../test/rig/receiver.ts';
import { type Server, startServer, testWriteKey } from '../../test/rig/server.ts';
import type { Section } from '../bench.ts';
import { finding, ratioFinding } from '../finding.ts';
import { quantile } from '../quartiles.ts';

const everyMs = 20;
const atOnce = 4;
const codes = {
  returns: 'const onTrack = (event) => event',
  hangs: 'const onTrack = () => new Promise(() => {})',
} as const;

export const neighbours: Section = {
  name: 'neighbours',
  about:
    'one source’s time to its webhook while the insert function of another returns, and while it hangs',
  run: async (bench) => {
    const receiver = await startReceiver();
    const server = await startServer({ folder: bench.folder() });
    // A second has 200 events: their p99 is the second worst, and tells of the machine.
    const seconds = bench.quick ? bench.slotSeconds : 5 * bench.slotSeconds;
    try {
      const p99Of = await prepare(server, receiver, seconds);
      await p99Of('returns');
      const returns: number[] = [];
      const hangs: number[] = [];
      for (let round = 0; round < bench.rounds; round += 1) {
        returns.push(await p99Of('returns'));
        hangs.push(await p99Of('hangs'));
      }
      return [
        finding('time to the webhook, p99, the other’s function returns', 'ms', returns),
        finding('time to the webhook, p99, the other’s function hangs', 'ms', hangs),
        ratioFinding('the second over the first', hangs, returns, {
          ...{ bar: { below: 1.5 }, mayExceedOne: true },
        }),
      ];
    } finally {
      await server.kill();
      await receiver.close();
    }
  },
};

/** Both sources get the same events; the first has the function, the second the webhook. */
async function prepare(server: Server, receiver: Receiver, seconds: number) {
  const made = await api(server, 'POST', '/sources', { slug: 'other', metadataId: 'http-api' });
  const key = String(valueAt(made, 'data.source.writeKeys.0'));
  await addWebhook(server, [receiver.url], {}, String(valueAt(made, 'data.source.id')));
  const body = { resourceType: 'INSERT_SOURCE', displayName: 'F', code: codes.returns };
  const id = String(valueAt(await api(server, 'POST', '/functions', body), 'data.function.id'));
  await api(server, 'POST', '/insert-function-instances', {
    ...{ functionId: id, integrationId: await firstSource(server), name: 'I', settings: {} },
  });
  const sentAt = new Map<string, number>();
  let latencies: number[] = [];
  receiver.recording = false;
  receiver.onTaken = ({ event, at }) => {
    const sent = sentAt.get(String(event['messageId']));
    if (sent !== undefined) latencies.push(at - sent);
    sentAt.delete(String(event['messageId']));
  };
  let last = 0;
  const sendPair = async (): Promise<void> => {
    last += 1;
    const messageId = `m${last}`;
    sentAt.set(messageId, performance.now());
    await Promise.all([
      send(server, key, messageId, `u${last % 50}`),
      send(server, testWriteKey, messageId, `u${last % 500}`),
    ]);
  };
  return async (code: keyof typeof codes): Promise<number> => {
    await api(server, 'PATCH', `/functions/${id}`, { code: codes[code] });
    await api(server, 'POST', `/functions/${id}/deploy`);
    await sleep(2_000);
    latencies = [];
    const end = performance.now() + seconds * 1_000;
    const sent: Promise<void>[] = [];
    while (performance.now() < end) {
      sent.push(...Array.from({ length: atOnce }, sendPair));
      await sleep(everyMs);
    }
    await Promise.all(sent);
    await eventually('all have arrived', () => sentAt.size === 0, { within: 30_000 });
    return quantile(
      latencies.toSorted((a, b) => a - b),
      0.99,
    );
  };
}

async function send(server: Server, key: string, messageId: string, userId: string): Promise<void> {
  const answer = await fetch(`${server.url}/v1/track`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ type: 'track', event: 'E', userId, messageId }),
  });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`an event was answered ${answer.status}`);
}
