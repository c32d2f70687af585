import type { LogEntry, Offset } from '../core/event-log.ts';
import { recordKinds } from '../core/records.ts';
import type { Admitted } from './admit-new.ts';
import type { Batch } from './prepare-batch.ts';

/**
 * The log `staged`: what waits for users' code. Process only puts it there; who runs the code reads it.
 * What was staged before a crash is staged again where its commit of `events` was not made: its stamp tells.
 */
export interface Staging {
  /** Whether the events of the source go through an insert function, or some of it still wait for one. */
  takes(source: string): boolean;
  /** Resolves once they are durable, of input before `mark`. Rejects like `LogWriter.append`. */
  append(entries: readonly LogEntry[], mark: Offset): Promise<unknown>;
}

/** It was to go there when it was made. */
function isRaw({ meta }: LogEntry): boolean {
  return meta.includes(',"raw":true');
}

/** A destination gave it up: it has been through the function. */
function isForLane({ meta }: LogEntry): boolean {
  return meta.includes(',"lane":[');
}

export interface Divided {
  /** For `events`. */
  readonly direct: readonly LogEntry[];
  /** Where the events among `direct` stand in the batch. */
  readonly indexes: readonly number[];
  /** For `staged`. */
  readonly staged: readonly LogEntry[];
}

/** Divides what was admitted. */
export function divide(batch: Batch, admitted: Admitted, staging: Staging | undefined): Divided {
  const { webhooks } = batch;
  if (staging === undefined) {
    return { direct: admitted.events, indexes: admitted.indexes, staged: webhooks };
  }
  const indexes: number[] = [];
  const direct: LogEntry[] = [];
  const staged: LogEntry[] = [];
  for (const [at, entry] of admitted.events.entries()) {
    const isEvent = entry.kind === recordKinds.event;
    const isTaken = isEvent && (staging.takes(entry.source) || isRaw(entry));
    if (isTaken && !isForLane(entry)) {
      staged.push(entry);
      continue;
    }
    direct.push(entry);
    const index = admitted.indexes[at];
    if (index !== undefined) indexes.push(index);
  }
  return { direct, indexes, staged: webhooks.length === 0 ? staged : [...staged, ...webhooks] };
}
