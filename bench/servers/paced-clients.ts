import { randomBytes } from 'node:crypto';
import { Agent, createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { post } from '../../test/rig/post.ts';
import { type CorpusEvent, corpus, idMark } from '../load/corpus.ts';
import { quantile } from '../quartiles.ts';

// <port> <port of the server>: clients that send at a pace of their own, some over a connection of its own each
// time. POST is answered at once; GET /<seconds> lets them send for so long, and answers what came of it.
const [, , port, target] = process.argv;
const keptClients = 45;
const newClients = 5;
/** Each client sends so often: 1,000 requests a second in all. */
const everyMs = 50;

const events = corpus(7, 1_000);
let sent = 0;

function event(): CorpusEvent {
  const one = events[sent++ % events.length];
  if (one === undefined) throw new Error('there are no events');
  return { ...one, text: one.text.replace(idMark, randomBytes(idMark.length / 2).toString('hex')) };
}

async function client(agent: Agent | false, until: number, times: number[]): Promise<number> {
  let failed = 0;
  await sleep(Math.random() * everyMs);
  while (performance.now() < until) {
    const { call, text } = event();
    const begun = performance.now();
    const answer = await post(agent, Number(target), `/v1/${call}`, text);
    const took = performance.now() - begun;
    times.push(took);
    if (answer?.status !== 200) failed++;
    await sleep(Math.max(0, everyMs - took));
  }
  if (agent !== false) agent.destroy();
  return failed;
}

async function slot(seconds: number): Promise<object> {
  const until = performance.now() + seconds * 1_000;
  const times: number[] = [];
  const kept = Array.from(
    { length: keptClients },
    () => new Agent({ keepAlive: true, maxSockets: 1 }),
  );
  const clients = [...kept, ...Array<false>(newClients).fill(false)];
  const failed = await Promise.all(clients.map((agent) => client(agent, until, times)));
  times.sort((a, b) => a - b);
  return {
    requests: times.length,
    failed: failed.reduce((sum, one) => sum + one, 0),
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
  };
}

createServer((request, response) => {
  const seconds = Number(request.url?.slice(1));
  if (request.method === 'POST' || !(seconds > 0)) return void response.end();
  void slot(seconds).then((result) => response.end(JSON.stringify(result)));
}).listen(Number(port), '127.0.0.1');
