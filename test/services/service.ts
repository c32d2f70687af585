import { spawnSync } from 'node:child_process';

/** A program of the system that tests need. One file a service stands beside this one. */
export interface Service {
  readonly name: string;
  /** Debian packages that bring it. */
  readonly packages: readonly string[];
  /** The test files that need it. */
  readonly neededBy: RegExp;
  /** Where it is, or undefined while it is missing. */
  find(): string | undefined;
}

const installMostMs = 15 * 60_000;

/** Makes sure that the service is there. False: this machine cannot have it. */
export function ensure(service: Service): boolean {
  if (service.find() !== undefined) return true;
  const apt = aptGet();
  if (apt === undefined) return false;
  console.log(`installing ${service.packages.join(' ')} (apt-get)`);
  const install = ['install', '-y', '-q', '--no-install-recommends', ...service.packages];
  // The lists of a fresh machine are empty or old: a second try has new ones.
  if (!apt(install) && !(apt(['update', '-q']) && apt(install))) return false;
  return service.find() !== undefined;
}

/** apt-get as root, or through a sudo that asks nothing. */
function aptGet(): ((args: readonly string[]) => boolean) | undefined {
  const works = (program: string, ...args: readonly string[]) =>
    spawnSync(program, args, { stdio: 'ignore' }).status === 0;
  if (!works('apt-get', '--version')) return undefined;
  const root = process.getuid?.() === 0;
  if (!root && !works('sudo', '-n', 'true')) return undefined;
  const [program, ...prefix] = root ? ['env'] : ['sudo', '-n', 'env'];
  const command = ['DEBIAN_FRONTEND=noninteractive', 'apt-get', '-o', 'DPkg::Lock::Timeout=300'];
  return (args) => {
    const end = spawnSync(program ?? 'env', [...prefix, ...command, ...args], {
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: installMostMs,
    });
    return end.status === 0;
  };
}
