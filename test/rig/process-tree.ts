import { readdirSync, readFileSync } from 'node:fs';

/** One process as /proc shows it. */
export interface ProcessFact {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** `Z` is a zombie: dead, not yet waited for. */
  readonly state: string;
  /** CPU time, user and system, in seconds. */
  readonly cpuSeconds: number;
  /** The command line, or the title the process gave itself. */
  readonly command: string;
}

/** Linux counts CPU time in 1/100 s for user space whatever its own tick is. */
const ticksPerSecond = 100;

/** Reads a file of /proc; '' when the process has gone meanwhile. */
function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return '';
  }
}

function processFact(pid: number): ProcessFact | undefined {
  const stat = readProc(`${pid}/stat`);
  // The second field, the name in brackets, may hold spaces: count from the last bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group] = fields;
  if (state === undefined || parent === undefined || group === undefined) return undefined;
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    state,
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
    command: readProc(`${pid}/cmdline`).replaceAll('\0', ' ').trim(),
  };
}

function allProcesses(): ProcessFact[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => processFact(Number(name)) ?? []);
}

/** `pid` and everything below it, parents first, without zombies. */
export function processTree(pid: number): ProcessFact[] {
  const alive = allProcesses().filter((fact) => fact.state !== 'Z');
  const tree = alive.filter((fact) => fact.pid === pid);
  for (let index = 0; index < tree.length; index++) {
    tree.push(...alive.filter((fact) => fact.parent === tree[index]?.pid));
  }
  return tree;
}

/** Members of a process group, without zombies. */
export function processGroup(group: number): ProcessFact[] {
  return allProcesses().filter((fact) => fact.group === group && fact.state !== 'Z');
}

export interface MemorySum {
  /** Resident set sizes added up, MB: pages that processes share are counted in each. */
  readonly rss: number;
  /** Proportional set sizes added up, MB: a page shared by n processes counts 1/n in each. */
  readonly pss: number;
}

export function memoryOf(pids: readonly number[]): MemorySum {
  const sum = { rss: 0, pss: 0 };
  for (const pid of pids) {
    const rollup = readProc(`${pid}/smaps_rollup`);
    sum.rss += Number(/^Rss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1024;
    sum.pss += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1024;
  }
  return sum;
}

/** Seconds that all threads of a process have been on a core, to the nanosecond; threads that ended do not count. */
export function threadSeconds(pid: number): number {
  const nanoseconds = threadsOf(pid).map((thread) =>
    Number(readProc(`${pid}/task/${thread}/schedstat`).split(' ')[0]),
  );
  return nanoseconds.reduce((sum, time) => sum + time, 0) / 1e9;
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return []; // It has gone meanwhile.
  }
}
