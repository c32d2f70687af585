import { filesUnder } from '../files.ts';
import { checkJob, fileJob, type Job, suiteMostMs, unitMostMs } from './job.ts';

/** Format, lint, promises nobody waits for, types, dead code. The house rules are a test file. */
export const checks: readonly Job[] = [
  checkJob('biome', '@biomejs/biome/bin/biome', 'ci', '--colors=off', '.'),
  checkJob('promises', 'oxlint/bin/oxlint', '--type-aware', 'src', 'test', 'bench'),
  checkJob('types', 'typescript/bin/tsc', '-p', '.'),
  checkJob('knip', 'knip/bin/knip.js'),
];

const testFiles = filesUnder('src', 'test', 'bench').filter((path) => path.endsWith('.test.ts'));

/** Suites that start servers and browsers stand in folders of `test/`: they run one after the other. */
const isSuite = (path: string) => /^test\/[^/]+\//.test(path);

export const unitJobs = testFiles
  .filter((path) => !isSuite(path))
  .map((path) => fileJob(path, unitMostMs));
export const suiteFiles = testFiles.filter(isSuite);
export const suiteJobs = suiteFiles.map((path) => fileJob(path, suiteMostMs));
