import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { loaderEnvironment, loaderFlags } from '../../src/app/load/loader-process.ts';
import { postgresPassword, startPostgres } from '../../test/rig/postgres.ts';
import type { Bench, Section } from '../bench.ts';
import { type Finding, finding, ratioFinding } from '../finding.ts';

const script = fileURLToPath(new URL('../servers/load-warehouse.ts', import.meta.url));

interface Measured {
  readonly seconds: number;
  readonly megabytes: number;
}

export const warehouse: Section = {
  name: 'warehouse',
  about:
    'events a second from the log to a query, and from the same rows by the engine’s own bulk load',
  run: async (bench) => {
    const events = bench.quick ? 20_000 : 200_000;
    const many = bench.quick ? 100_000 : 5_000_000;
    const [log, longLog] = [bench.folder(), bench.folder()];
    fill(log, events);
    fill(longLog, many);
    const server = await startPostgres({ flushed: true });
    try {
      const postgres = async () => ({
        slug: 'postgres',
        folder: bench.folder(),
        settings: {
          host: '127.0.0.1',
          port: String(server.port),
          database: new URL(await server.url()).pathname.slice(1),
          username: 'tributary',
          password: postgresPassword,
        },
      });
      const duckdb = async () => {
        const folder = bench.folder();
        return { slug: 'duckdb', folder, settings: { path: 'w.duckdb' } };
      };
      return [
        ...(await figures(bench, 'DuckDB', duckdb, { log, events, longLog, many })),
        ...(await figures(bench, 'PostgreSQL', postgres, { log, events, longLog, many })),
      ];
    } finally {
      await server.remove();
    }
  },
};

type NewWarehouse = () => Promise<object>;
type Logs = Readonly<Record<'log' | 'longLog', string> & Record<'events' | 'many', number>>;

async function figures(
  bench: Bench,
  name: string,
  fresh: NewWarehouse,
  { log, events, longLog, many }: Logs,
): Promise<Finding[]> {
  const [synced, bulk]: [number[], number[]] = [[], []];
  for (let round = 0; round < bench.rounds; round++) {
    synced.push(events / measure({ mode: 'sync', log, ...(await fresh()) }).seconds);
    bulk.push(events / measure({ mode: 'bulk', log, ...(await fresh()) }).seconds);
    bench.say(`  ${name}, round ${round + 1}: ${Math.round(synced.at(-1) ?? 0)} events/s`);
  }
  const long = measure({ mode: 'sync', log: longLog, ...(await fresh()) });
  return [
    finding(`warehouse: ${name}, from the log to a query`, 'events/s', synced),
    finding(`warehouse: ${name}, its own bulk load of the same rows`, 'events/s', bulk),
    ratioFinding(`warehouse: ${name}, over its own bulk load`, synced, bulk, {
      bar: { atLeast: 0.5 },
      mayExceedOne: true,
    }),
    finding(
      `warehouse: ${name}, memory at most while it loads ${many} events`,
      'MB',
      [long.megabytes],
      {
        bar: { below: 300 },
      },
    ),
    finding(`warehouse: ${name}, ${many} events`, 'events/s', [many / long.seconds]),
  ];
}

function fill(log: string, events: number): void {
  run({ mode: 'fill', log, events });
}

function measure(options: object): Measured {
  return JSON.parse(run(options)) as Measured;
}

function run(options: object): string {
  return execFileSync(process.execPath, [...loaderFlags, script, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...loaderEnvironment },
    encoding: 'utf8',
  });
}
