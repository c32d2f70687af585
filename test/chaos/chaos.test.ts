import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { addWebhook } from '../rig/api.ts';
import { readMetrics, sumOf } from '../rig/metrics.ts';
import { random } from '../rig/random.ts';
import { type Server, startServer } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { crowd } from './crowd.ts';
import { judgeDeliveries } from './judge-deliveries.ts';
import { type Health, sicknesses, startVendor, type Vendor } from './vendor.ts';

const seed = Number(process.env['CHAOS_SEED'] ?? 20_261_121);
const sickSeconds = Number(process.env['CHAOS_SECONDS'] ?? 8);
const connections = 50;
/** How many of them are well all the time. */
const healthy = 10;
/** What no machine needs, however loaded: who waited for the sick would come to it in the long form. */
const lateMs = 120_000;
/** A vendor that lacks something and gets nothing for longer than probes of a circuit are apart: delivery has stopped. */
const stalledMs = 60_000;

test(`among 50 destinations, most of them sick, nothing is lost and each user's order is kept (seed ${seed})`, {
  timeout: 10 * 60_000 + 10 * sickSeconds * 1_000,
}, async (t) => {
  const dice = random(seed);
  const vendors: Vendor[] = [];
  const folder = await tempFolder('chaos');
  const server = await startServer({
    folder: folder.path,
    env: { TRIBUTARY_RATE_LIMIT: '0', TRIBUTARY_LOG_LEVEL: 'warn' },
  });
  t.after(async () => {
    await server.kill();
    await Promise.all(vendors.map((vendor) => vendor.close()));
    await folder.remove();
  });
  for (let n = 0; n < connections; n += 1) {
    const vendor = await startVendor(healthOf(n), dice);
    vendors.push(vendor);
    await addWebhook(server, [vendor.url]);
  }
  const users = crowd(server, 40, dice);
  const begun = performance.now();
  await users.run(sickSeconds, 40);
  assert.ok(users.sent.size > 0);

  // The healthy have everything while the others are still sick.
  const well = vendors.slice(0, healthy);
  await wait(well, users.sent);
  assert.deepEqual(faultsOf(well, users.sent, begun), []);
  for (const vendor of vendors) vendor.heal();
  await users.run(1, 40);
  await wait(vendors, users.sent);
  assert.deepEqual(faultsOf(vendors, users.sent, begun), []);
  await discardsAre(server, vendors);
});

function healthOf(n: number): Health {
  return n < healthy ? 'healthy' : (sicknesses[n % sicknesses.length] ?? 'failing');
}

/** Until each vendor has given each event its last answer, or gets nothing more. */
async function wait(vendors: readonly Vendor[], sent: ReadonlyMap<string, number>): Promise<void> {
  const lacks = ({ settled }: Vendor) =>
    [...sent].some(([user, count]) => (settled.get(user)?.size ?? 0) < count);
  await Promise.all(vendors.map(arrivalOf));

  async function arrivalOf(vendor: Vendor): Promise<void> {
    let seen = vendor.record.length;
    let last = performance.now();
    while (lacks(vendor) && performance.now() - last < stalledMs) {
      await sleep(100);
      if (vendor.record.length === seen) continue;
      seen = vendor.record.length;
      last = performance.now();
    }
  }
}

/** What is wrong with the deliveries to each, all of which are to have come. `begun`: when the sending did. */
function faultsOf(
  vendors: readonly Vendor[],
  sent: ReadonlyMap<string, number>,
  begun: number,
): string[] {
  // One a second at the most, when circuits close again and again.
  const mostTries = 10 + (performance.now() - begun) / 1_000;
  return vendors.flatMap(({ health, record }, n) => {
    const late = health === 'healthy' ? lateMs : undefined;
    const faults = judgeDeliveries(record, { sent, all: true, lateMs: late, mostTries });
    return faults.map((fault) => `${health} vendor ${n}: ${fault}`);
  });
}

/** What is not for repeating is a discard, each event of it. */
async function discardsAre(server: Server, vendors: readonly Vendor[]): Promise<void> {
  const refused = vendors
    .flatMap(({ record }) => record)
    .filter(({ what }) => what === 'refused').length;
  assert.ok(refused > 0);
  const discarded = async () => {
    const samples = await readMetrics(server);
    const ofDeliver = samples.filter(({ labels }) => labels['stage'] === 'deliver');
    return sumOf(ofDeliver, 'tributary_discards_total');
  };
  // Each is durable before its event is passed: what is still under way is written in a moment.
  const until = performance.now() + 60_000;
  while ((await discarded()) !== refused && performance.now() < until) await sleep(100);
  assert.equal(await discarded(), refused, 'as many discards as events that were refused');
}
