import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from '../rig/repository.ts';
import { firstLines, lastLines } from './explain.ts';
import type { TestLine } from './report.ts';
import { type ProcessEnd, runProcess } from './run-process.ts';

export interface JobResult {
  readonly name: string;
  readonly tests: readonly TestLine[];
  readonly seconds: number;
  /** What it printed; shown when something failed. */
  readonly output: string;
}

/** Something that counts: a test file, or one of the checks. */
export interface Job {
  readonly name: string;
  run(): Promise<JobResult>;
}

/** A file that hangs, in a test or because something is left open, is killed after this and counts as failed. */
export const unitMostMs = 3 * 60_000;
export const suiteMostMs = 15 * 60_000;

/** A check: a program that says yes or no. Counts as one test. */
export function checkJob(name: string, script: string, ...args: readonly string[]): Job {
  return {
    name,
    run: async () => {
      const program = [join(repository, 'node_modules', script), ...args];
      const { ok, output, seconds } = await runProcess(process.execPath, program, unitMostMs);
      const line: TestLine = ok
        ? { name, outcome: 'passed' }
        : { name, outcome: 'failed', reason: firstLines(output) };
      return { name, tests: [line], seconds, output };
    },
  };
}

export interface FileJobOptions {
  /** Default: the path. */
  readonly name?: string;
  /** Added to the environment. */
  readonly more?: Readonly<Record<string, string>>;
  /** Modules loaded before the file, absolute. */
  readonly preload?: readonly string[];
}

/** A test file in a process of its own. Also failed: one that ends badly without a failed test, and one without tests. */
export function fileJob(
  path: string,
  mostMs: number,
  { name = path, more = {}, preload = [] }: FileJobOptions = {},
): Job {
  return {
    name,
    run: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'tributary-report-'));
      const lines = join(folder, 'lines');
      const end = await runProcess(
        process.execPath,
        [
          ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
          ...[`--test-reporter=${join(import.meta.dirname, 'report.ts')}`],
          ...preload.map((module) => `--import=${module}`),
          ...[`--test-reporter-destination=${lines}`, path],
        ],
        mostMs,
        more,
      );
      const tests = readLines(lines);
      rmSync(folder, { recursive: true });
      return { name, tests: [...tests, ...fault(end, tests, mostMs)], ...end };
    },
  };
}

function fault(
  end: Pick<ProcessEnd, 'ok' | 'timedOut' | 'output'>,
  tests: readonly TestLine[],
  mostMs: number,
): TestLine[] {
  const reason = lastLines(end.output);
  const failed = (name: string): TestLine[] => [{ name, outcome: 'failed', reason }];
  if (end.timedOut)
    return failed(
      `ends within ${mostMs / 60_000} minutes (a test hangs, or something is left open)`,
    );
  if (!end.ok && !tests.some(({ outcome }) => outcome === 'failed'))
    return failed('loads and ends without a fault');
  return tests.length === 0 ? failed('holds tests') : [];
}

function readLines(path: string): TestLine[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((text) => text.endsWith('}'))
      .map((text) => JSON.parse(text) as TestLine);
  } catch {
    return []; // The process never came as far as its reporter.
  }
}
