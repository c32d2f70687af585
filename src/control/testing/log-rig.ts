import { type LogEngine, type LogEntry, type LogName, logNames } from '../../core/event-log.ts';
import { type DiscardMeta, recordKinds } from '../../core/records.ts';
import type { ManualClock } from '../../core/testing/manual-clock.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';

export interface LogRig {
  readonly logs: LogEngine;
  append(log: LogName, ...entries: LogEntry[]): Promise<void>;
}

/** All logs in memory, each with a writer. */
export async function logRig(clock: ManualClock): Promise<LogRig> {
  const logs = await openMemoryLogEngine({ clock });
  const writers = new Map(
    await Promise.all(
      Object.values(logNames).map(
        async (log) => [log, (await logs.openWriter(log, 0)).writer] as const,
      ),
    ),
  );
  return {
    logs,
    append: async (log, ...entries) => {
      await writers.get(log)?.append(entries);
    },
  };
}

/** The record of a discard; what is not given is that of a refusal by a destination. */
export function discardRecord(
  meta: Partial<DiscardMeta> & { readonly t: number },
  body = '',
  source = 's1',
): LogEntry {
  const usual = { id: 'd', stage: 'deliver', code: 'message_rejected', message: 'no' };
  return {
    kind: recordKinds.discard,
    source,
    meta: JSON.stringify({ ...usual, ...meta }),
    body: Buffer.from(body),
  };
}
