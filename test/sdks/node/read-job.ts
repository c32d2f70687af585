import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { JsonObject } from '../../../src/core/json.ts';
import type { Call } from '../../e2e/six-calls.ts';
import type { Job } from '../driver.ts';

/** The job: the first line on stdin. */
export async function readJob(): Promise<Job> {
  const lines = createInterface({ input: process.stdin });
  const [line] = await once(lines, 'line');
  lines.close();
  process.stdin.destroy(); // Else it keeps the process alive.
  return JSON.parse(String(line)) as Job;
}

/** The calls of a job as SDKs for Node take them: a method each, with an object. */
export function callsOf(job: Job): readonly { readonly type: Call; readonly fields: JsonObject }[] {
  return job.messages.map(({ type, ...fields }) => ({ type: type as Call, fields }));
}

/** An SDK whose calls take a callback for the fate of the message. */
type CallbackClient = Record<
  Call,
  (message: never, callback: (problem?: unknown) => void) => unknown
>;

/** Makes the calls and waits until the SDK has told the fate of each; returns how many it gave up. */
export async function allTold(job: Job, client: CallbackClient): Promise<number> {
  const told = callsOf(job).map(
    ({ type, fields }) =>
      new Promise<unknown>((resolve) => {
        Reflect.apply(client[type], client, [fields, resolve]);
      }),
  );
  return (await Promise.all(told)).filter((problem) => problem instanceof Error).length;
}
