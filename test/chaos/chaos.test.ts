import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addWebhook } from '../rig/api.ts';
import { eventually } from '../rig/eventually.ts';
import { random } from '../rig/random.ts';
import { startServer } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { crowd } from './crowd.ts';
import { type Health, sicknesses, startVendor, type Vendor } from './vendor.ts';

const seed = Number(process.env['CHAOS_SEED'] ?? 20_261_121);
const sickSeconds = Number(process.env['CHAOS_SECONDS'] ?? 8);
const connections = 50;
/** How many of them are well all the time. */
const healthy = 10;

test(`among 50 destinations, most of them sick, nothing is lost and each user's order is kept (seed ${seed})`, async (t) => {
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
  await users.run(sickSeconds, 40);
  const total = [...users.sent.values()].reduce((sum, count) => sum + count, 0);
  assert.ok(total > 0);

  // The healthy have everything while the others are still sick.
  for (const vendor of vendors.slice(0, healthy)) await hasAll(vendor, users.sent);
  for (const vendor of vendors) vendor.heal();
  await users.run(1, 40);
  for (const vendor of vendors) {
    if (vendor.health !== 'redirecting') await hasAll(vendor, users.sent);
    assert.deepEqual(vendor.overtaken.slice(0, 5), [], vendor.health);
  }

  // What is not for repeating is a discard, each event of it.
  for (const vendor of vendors.filter(({ health }) => health === 'redirecting')) {
    const arrived = () => vendor.latencies.length;
    const all = [...users.sent.values()].reduce((sum, count) => sum + count, 0);
    await eventually('every event has come', () => arrived() === all, { within: 60_000 });
  }
});

function healthOf(n: number): Health {
  return n < healthy ? 'healthy' : (sicknesses[n % sicknesses.length] ?? 'failing');
}

async function hasAll(vendor: Vendor, sent: ReadonlyMap<string, number>): Promise<void> {
  const lacking = () =>
    [...sent].filter(([user, count]) => (vendor.taken.get(user)?.size ?? 0) < count);
  await eventually(`a ${vendor.health} vendor has everything`, () => lacking().length === 0, {
    within: 150_000,
    every: 100,
  });
}
