import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../rig/repository.ts';

const cache = join(repository, 'node_modules', '.cache', 'sdks');

/**
 * A folder that is filled once and then reused by every run: `make` gets an empty one, which takes its
 * place when `make` has returned. `recipe` is all that decides what is in it: another one, another folder.
 */
export function installed(
  name: string,
  recipe: readonly string[],
  make: (folder: string) => void,
): string {
  const sum = createHash('sha256').update(recipe.join('\n')).digest('hex').slice(0, 12);
  const place = join(cache, `${name}-${sum}`);
  if (existsSync(place)) return place;
  mkdirSync(cache, { recursive: true });
  inTurn(() => {
    if (existsSync(place)) return; // Another suite was faster.
    const half = `${place}.${process.pid}`;
    rmSync(half, { recursive: true, force: true });
    mkdirSync(half);
    make(half);
    renameSync(half, place);
  });
  return place;
}

/** Suites run side by side, and installers share caches of their own: one installs, the others wait. */
function inTurn(work: () => void): void {
  const lock = join(cache, 'lock');
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  while (!isFirst(mine, lock)) pause();
  try {
    work();
  } finally {
    rmSync(mine);
    rmSync(lock);
  }
}

/** The lock is a file that names its holder; it comes whole or not at all. Of a holder that was killed it is taken. */
function isFirst(mine: string, lock: string): boolean {
  try {
    linkSync(mine, lock);
    return true;
  } catch {
    if (!existsSync(`/proc/${holderOf(lock)}`)) rmSync(lock, { force: true });
    return false;
  }
}

/** Itself, when there is none any more. */
function holderOf(lock: string): string {
  try {
    return readFileSync(lock, 'utf8');
  } catch {
    return String(process.pid);
  }
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
}

const mostMs = 10 * 60_000;

/** Runs an installer to its end; what it said is in the error when it fails. */
export function install(program: string, args: readonly string[], cwd: string): void {
  const end = spawnSync(program, args, { cwd, encoding: 'utf8', timeout: mostMs });
  if (end.status === 0) return;
  const said = `${end.stdout}\n${end.stderr}`.trim().slice(-4_000);
  throw new Error(`${program} ${args.join(' ')}: ${end.error?.message ?? end.status}\n${said}`);
}
