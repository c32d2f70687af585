import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
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
  const half = `${place}.${process.pid}`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { recursive: true });
  make(half);
  try {
    renameSync(half, place);
  } catch {
    rmSync(half, { recursive: true }); // Another run was faster.
  }
  return place;
}

const mostMs = 10 * 60_000;

/** Runs an installer to its end; what it said is in the error when it fails. */
export function install(program: string, args: readonly string[], cwd: string): void {
  const end = spawnSync(program, args, { cwd, encoding: 'utf8', timeout: mostMs });
  if (end.status === 0) return;
  const said = `${end.stdout}\n${end.stderr}`.trim().slice(-4_000);
  throw new Error(`${program} ${args.join(' ')}: ${end.error?.message ?? end.status}\n${said}`);
}
