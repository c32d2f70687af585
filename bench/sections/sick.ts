import { join } from 'node:path';
import { crowd } from '../../test/chaos/crowd.ts';
import { sicknesses, startVendor, type Vendor } from '../../test/chaos/vendor.ts';
import { addWebhook } from '../../test/rig/api.ts';
import { eventually } from '../../test/rig/eventually.ts';
import { random } from '../../test/rig/random.ts';
import { startServer } from '../../test/rig/server.ts';
import type { Section } from '../bench.ts';
import { finding, ratioFinding } from '../finding.ts';
import { quantile } from '../quartiles.ts';

const healthy = 10;
const connections = 50;
const perSecond = 40;

export const sick: Section = {
  name: 'sick',
  about: `how late events reach ${healthy} healthy destinations, alone and beside ${connections - healthy} sick ones`,
  run: async (bench) => {
    const seconds = bench.quick ? 5 : 20;
    const alone: number[] = [];
    const beside: number[] = [];
    for (let round = 0; round < Math.min(bench.rounds, 3); round += 1) {
      const folder = join(bench.folder(), String(round));
      alone.push(await p99(folder, 'alone', []));
      const others = Array.from(
        { length: connections - healthy },
        (_, n) => sicknesses[n % sicknesses.length],
      );
      beside.push(
        await p99(
          folder,
          'beside',
          others.filter((one) => one !== undefined),
        ),
      );
    }
    return [
      finding('p99 from sent to arrived, healthy destinations alone', 'ms', alone),
      finding('p99 from sent to arrived, beside 40 sick ones', 'ms', beside),
      ratioFinding('p99 beside / alone', beside, alone, {
        bar: { below: 1.5 },
        mayExceedOne: true,
      }),
    ];

    async function p99(
      folder: string,
      name: string,
      others: readonly (typeof sicknesses)[number][],
    ): Promise<number> {
      const dice = random(1);
      const vendors: Vendor[] = [];
      const server = await startServer({
        folder: join(folder, name),
        env: { TRIBUTARY_RATE_LIMIT: '0', TRIBUTARY_LOG_LEVEL: 'silent' },
      });
      try {
        const well = Array.from({ length: healthy }, () => 'healthy' as const);
        for (const health of [...well, ...others]) {
          const vendor = await startVendor(health, dice);
          vendors.push(vendor);
          await addWebhook(server, [vendor.url]);
        }
        const users = crowd(server, 40, dice);
        // Until the circuits of the sick have opened, and everything is warm.
        await users.run(seconds / 2, perSecond);
        const watched = vendors.slice(0, healthy);
        for (const vendor of watched) vendor.latencies.length = 0;
        await users.run(seconds, perSecond);
        const total = [...users.sent.values()].reduce((sum, count) => sum + count, 0);
        const arrived = (vendor: Vendor) =>
          [...vendor.settled.values()].reduce((sum, some) => sum + some.size, 0);
        await eventually(
          'the healthy have everything',
          () => watched.every((vendor) => arrived(vendor) === total),
          { within: 60_000 },
        );
        const times = watched.flatMap(({ latencies }) => latencies).sort((a, b) => a - b);
        return quantile(times, 0.99);
      } finally {
        await server.kill();
        await Promise.all(vendors.map((vendor) => vendor.close()));
      }
    }
  },
};
