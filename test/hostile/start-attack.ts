import { type OwnProcess, startOwnProcess } from '../rig/own-process.ts';
import type { AttackCounts } from './attacks/attack.ts';
import type { AttackName } from './attacks/attacks.ts';

export interface AttackProcess extends OwnProcess {
  counts(): Promise<AttackCounts>;
}

/** An attack on a port of 127.0.0.1, from a process of its own; under way when this resolves. */
export async function startAttack(
  kind: AttackName,
  port: number,
  options: { readonly core?: number } = {},
): Promise<AttackProcess> {
  const file = new URL('attacks/attacker.ts', import.meta.url);
  const own = await startOwnProcess(file, { ...options, args: [kind, String(port)] });
  return {
    ...own,
    counts: async () => (await (await fetch(own.url)).json()) as AttackCounts,
  };
}
