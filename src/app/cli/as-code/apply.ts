import { createInterface } from 'node:readline/promises';
import { TributaryError } from '../../../core/errors.ts';
import type { Client } from '../client.ts';
import type { Session } from './kind.ts';
import { makePlan, type PlanOptions, planText, type Step } from './plan.ts';
import { readFolder } from './read-folder.ts';

export interface ApplyOptions extends PlanOptions {
  /** Only shows the plan. */
  readonly dryRun: boolean;
  /** Does not ask. */
  readonly yes: boolean;
}

/**
 * `tributary apply`: shows what would change and, once that is agreed to, changes it. What fails stops the rest;
 * the same command goes on from there. Returns the exit code: 2 for a dry run that has something to do.
 */
export async function apply(
  client: Client,
  folder: string,
  variables: Readonly<Record<string, string | undefined>>,
  options: ApplyOptions,
): Promise<number> {
  const session: Session = { client, ids: new Map(), functions: new Map() };
  const steps = await makePlan(session, readFolder(folder, variables), options);
  process.stdout.write(planText(steps));
  if (steps.length === 0) return 0;
  if (options.dryRun) return 2;
  if (!options.yes && !(await agreed())) return 1;
  for (const step of steps) await take(session, step);
  process.stdout.write('done\n');
  return 0;
}

async function take(session: Session, step: Step): Promise<void> {
  const { kind, key } = step;
  try {
    if (step.does === 'make') {
      session.ids.set(`${kind.name}/${key}`, await kind.make(session, step.item));
    } else if (step.does === 'change') {
      await kind.change(session, step.present, step.changes);
    } else {
      await kind.remove(session, step.present);
    }
  } catch (cause) {
    if (!(cause instanceof TributaryError)) throw cause;
    throw new TributaryError(cause.code, `${kind.title} ${key}: ${cause.message}`, { cause });
  }
}

async function agreed(): Promise<boolean> {
  if (!process.stdin.isTTY) {
    process.stderr.write('Nothing is changed: --yes applies the plan.\n');
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question('Apply? (yes/no) ');
  terminal.close();
  return answer.trim() === 'yes';
}
