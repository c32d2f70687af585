/**
 * `npm test`: installs what the tests need, then runs the checks and every test file; those that use a
 * state store once on SQLite and once on PostgreSQL.
 * `npm test -- <part of a path> …` runs the files (and checks) whose name holds one of the parts.
 */
import { availableParallelism } from 'node:os';
import { databaseUrl, type Postgres, startPostgres } from './rig/postgres.ts';
import {
  checks,
  isAlone,
  postgresFiles,
  postgresJob,
  suiteJobs,
  suitesAtOnce,
  unitJobs,
} from './runner/jobs.ts';
import { close, noTotals, print, runJobs } from './runner/run-jobs.ts';
import { postgres } from './services/postgres.ts';
import { ensureServices } from './services/services.ts';

const parts = process.argv.slice(2);
const wanted = ({ name }: { readonly name: string }) =>
  parts.length === 0 || parts.some((part) => name.includes(part));

const totals = noTotals();
const suites = suiteJobs.filter(wanted);
const again = postgresFiles.filter(wanted);
const names = [...suites, ...again].map(({ name }) => name);
for (const missing of ensureServices(names)) print(missing, totals);
let server: Postgres | undefined;
if (again.length > 0 && postgres.find() !== undefined) server = await startPostgres();
const url = server && databaseUrl(server.port, 'postgres');
const onPostgres = url === undefined ? [] : again.map((file) => postgresJob(file, url));
const jobs = [...checks, ...unitJobs].filter(wanted);
await runJobs([...jobs, ...onPostgres], availableParallelism(), totals);
await server?.remove();
await runJobs(
  suites.filter((job) => !isAlone(job)),
  suitesAtOnce,
  totals,
);
await runJobs(suites.filter(isAlone), 1, totals);
close(totals);
