/**
 * package-lock.json must name every optional package of every platform, else `npm ci` refuses it.
 * npm leaves out those that its registry does not carry, so after a change of the dependencies run
 * `bin/run --dev test/tidy/lock-file.ts`: it adds them as version and platform, without a sum.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../rig/repository.ts';

export interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
export interface LockFile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

const lockPath = join(repository, 'package-lock.json');

export function readLockFile(): LockFile {
  return JSON.parse(readFileSync(lockPath, 'utf8')) as LockFile;
}

/** Folders in which a package at `at` looks for its dependencies, nearest first. */
function* lookup(at: string): Generator<string> {
  for (
    let path = at;
    path !== '';
    path = path.slice(0, Math.max(0, path.lastIndexOf('node_modules/') - 1))
  ) {
    yield `${path}/node_modules`;
  }
  yield 'node_modules';
}

/** Optional packages that somebody wants and the lock file lacks, as the entries to add. */
export function missingOptional({ packages }: LockFile): Map<string, LockedPackage> {
  const missing = new Map<string, LockedPackage>();
  for (const [at, wanted] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(wanted.optionalDependencies ?? {})) {
      if ([...lookup(at)].some((folder) => packages[`${folder}/${name}`] !== undefined)) continue;
      const { cpu, libc, os } = platformOf(name);
      // In npm's order of keys, so that its next run changes nothing.
      missing.set(`node_modules/${name}`, {
        version,
        ...(cpu ? { cpu } : {}),
        ...(wanted.dev ? { dev: true } : {}),
        ...(libc ? { libc } : {}),
        optional: true,
        ...(os ? { os } : {}),
      });
    }
  }
  return missing;
}

/** Platform packages carry their platform in the name: `binding-linux-arm64-musl`. */
function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> {
  const [, os, cpu, libc] =
    /[-/](android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|x64|ia32|ppc64|riscv64|s390x)(?:-?(gnu|musl|msvc|e?abi\w*|gnueabihf|musleabihf|eabi))?$/.exec(
      name,
    ) ?? [];
  if (os === undefined || cpu === undefined) return {};
  const c =
    os === 'linux' && libc !== undefined ? [libc.startsWith('musl') ? 'musl' : 'glibc'] : undefined;
  return { os: [os], cpu: [cpu], ...(c ? { libc: c } : {}) };
}

if (import.meta.main) {
  const lock = readLockFile();
  const missing = missingOptional(lock);
  const [first = ['', {}], ...rest] = Object.entries(lock.packages);
  const packages = [...rest, ...missing].sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(
    lockPath,
    `${JSON.stringify({ ...lock, packages: Object.fromEntries([first, ...packages]) }, null, 2)}\n`,
  );
  console.log(`package-lock.json: ${missing.size} added`);
}
