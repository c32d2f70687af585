import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How long after it serves a process is done with what only its start needs. */
export const settledMs = 3_000;

/**
 * Gives the memory back that starting took and running does not: what modules were read and compiled with. V8
 * would keep it, half empty, until the process has work enough to collect it; this costs the process 20 to 100 ms,
 * once, and spares it some 10 MB (`docs/decisions/processes.md`).
 */
export function returnStartMemory(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect !== 'function') return;
  // The one kind of collection that also empties pages which are hardly used.
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
