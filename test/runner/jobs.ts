import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { filesUnder } from '../files.ts';
import { repository } from '../rig/repository.ts';
import { checkJob, fileJob, type Job, suiteMostMs, unitMostMs } from './job.ts';

/** Format, lint, promises nobody waits for, types, dead code. The house rules are a test file. */
export const checks: readonly Job[] = [
  checkJob('biome', '@biomejs/biome/bin/biome', 'ci', '--colors=off', '.'),
  checkJob('promises', 'oxlint/bin/oxlint', '--type-aware', 'src', 'test', 'bench'),
  checkJob('types', 'typescript/bin/tsc', '-p', '.'),
  checkJob('knip', 'knip/bin/knip.js'),
];

const testFiles = filesUnder('src', 'test', 'bench').filter((path) => path.endsWith('.test.ts'));

/** Suites that start servers and browsers stand in folders of `test/`. */
const isSuite = (path: string) => /^test\/[^/]+\//.test(path);

const unitFiles = testFiles.filter((path) => !isSuite(path));
export const unitJobs = unitFiles.map((path) => fileJob(path, unitMostMs));
export const suiteFiles = testFiles.filter(isSuite);
export const suiteJobs = suiteFiles.map((path) => fileJob(path, suiteMostMs));

/**
 * What judges how fast something is, or takes all that the machine has: nothing runs beside it. SDKs for Java
 * wait a second when they are closed, and give up what is not sent by then.
 */
const alone = [
  /^test\/(chaos|crash|fuzz|hostile)\/|^test\/cluster\/cluster\./,
  /^test\/e2e\/(configuration|oauth|public-api|shutdown)\./,
  /^test\/sdks\/java\./,
];

/** Most suites wait most of the time, for servers that start and intervals that pass: two at a time. */
export const suitesAtOnce = Math.min(2, availableParallelism());

export function isAlone({ name }: Pick<Job, 'name'>): boolean {
  return alone.some((pattern) => pattern.test(name));
}

/** Rigs and suites that take their stores from the engine of the run. */
const onAnyEngine = /\b(archiveRig|controlRig|sdkStand|DeliverRig|ReverseEtlRig|freshStores)\b/;
const preload = [join(repository, 'test/rig/on-postgres.ts')];

/** Unit tests that use a state store, a second time on PostgreSQL. */
export const postgresFiles = unitFiles
  .filter((path) => onAnyEngine.test(readFileSync(join(repository, path), 'utf8')))
  .map((path) => ({ path, name: `${path} (PostgreSQL)` }));

/** `server`: its URL. */
export function postgresJob({ path, name }: (typeof postgresFiles)[number], server: string): Job {
  return fileJob(path, unitMostMs, { name, preload, more: { TRIBUTARY_TEST_POSTGRES: server } });
}
