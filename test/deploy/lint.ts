import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../../src/core/json.ts';
import { repository } from '../rig/repository.ts';
import { goBuild } from '../sdks/install/go-build.ts';

const source = join(import.meta.dirname, 'lint');

/** Why what is linted by Go is skipped; false where a Go is installed that builds the linter. */
export const lacksGo = goProblem();

function goProblem(): string | false {
  const { error, stdout } = spawnSync('go', ['env', 'GOVERSION', 'GOTOOLCHAIN'], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
  if (error) return 'no go here';
  const [version = '', toolchain] = stdout.split('\n');
  const needed = /^go (\d+)\.(\d+)/m.exec(readFileSync(join(source, 'go.mod'), 'utf8'));
  const has = /^go(\d+)\.(\d+)/.exec(version);
  if (toolchain !== 'local' && has !== null && Number(has[2]) >= 21) return false;
  const enough = has !== null && Number(has[2]) >= Number(needed?.[2]);
  return enough ? false : `${version || 'this go'} is too old for ${needed?.[0]}`;
}

interface Lint {
  readonly problems: readonly string[];
  /** What was read, as the program that will read it sees it. */
  readonly found: Json;
}

/** Runs the linter of `lint/main.go`. */
export function lint(what: string, ...args: readonly string[]): Lint {
  const program = goBuild('deploy-lint', source);
  const text = execFileSync(program, [what, ...args], {
    cwd: repository,
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return JSON.parse(text);
}

/** The environment variables that the reference describes. */
function configurationKeys(): ReadonlySet<string> {
  const page = readFileSync(join(repository, 'docs/reference/configuration.md'), 'utf8');
  const keys = [...page.matchAll(/^\| `(TRIBUTARY_[A-Z_]+)`/gm)].map(([, key = '']) => key);
  assert.ok(keys.length > 20);
  return new Set(keys);
}

/** The names in a text that no configuration has. */
export function unknownKeys(text: string): string[] {
  const known = configurationKeys();
  return [...text.matchAll(/\bTRIBUTARY_[A-Z_]+\b/g)]
    .map(([key]) => key)
    .filter((key) => !known.has(key));
}
