import type { Clock } from '../../core/clock.ts';
import {
  type FunctionInvocation,
  type FunctionReport,
  type Functions,
  handlerOf,
} from '../../core/functions.ts';
import { LatestOfEach } from '../../core/latest-of-each.ts';
import { limits } from '../../core/limits.ts';
import type { Logger } from '../../core/logger.ts';
import type { StateStore } from '../../core/state.ts';
import type { FunctionInvocationTable, WorkTables } from '../../core/tables/work-tables.ts';

export interface RecordDeps {
  readonly store: StateStore<WorkTables>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** That many random bytes as hex digits. */
  randomHex(bytes: number): string;
}

/**
 * Functions whose invocations are written down for their authors: each that failed or has logged, of a
 * place where a function is used the last `limits.functionInvocations`, for `limits.functionInvocationsMs`.
 *
 * State: the table `function_invocation`, written once a second. What was not written when the process died is
 * missing: it is for people to read. Of one second no more than the last of each place are written.
 */
export function recordInvocations(functions: Functions, deps: RecordDeps): Functions {
  const recorder = new Recorder(deps);
  return {
    invoke: async (invocation) => {
      const report = await functions.invoke(invocation);
      if (invocation.trial !== true) recorder.note(invocation, report);
      return report;
    },
    stop: async () => {
      await functions.stop();
      await recorder.stop();
    },
  };
}

class Recorder {
  readonly #deps: RecordDeps;
  /** By instance. */
  readonly #latest: LatestOfEach<FunctionInvocationTable>;

  constructor(deps: RecordDeps) {
    this.#deps = deps;
    this.#latest = new LatestOfEach({
      ...{ clock: deps.clock, logger: deps.logger },
      ...{ keep: limits.functionInvocations, everyMs: limits.functionInvocationsEveryMs },
      lost: 'logs of functions cannot be written; they are lost',
      write: (instance, rows) => this.#write(instance, rows),
    });
  }

  note(invocation: FunctionInvocation, report: FunctionReport): void {
    const { outcome, logs } = report;
    const isTold = outcome.kind === 'failed' && outcome.failure !== 'overloaded';
    if (!isTold && logs.length === 0) return;
    this.#latest.note(invocation.instance, this.#rowOf(invocation, report));
  }

  stop(): Promise<void> {
    return this.#latest.stop();
  }

  #rowOf(
    { instance, version, input }: FunctionInvocation,
    { outcome, logs, logsCut, durationMs }: FunctionReport,
  ): FunctionInvocationTable {
    const at = this.#deps.clock.now();
    const isFailed = outcome.kind === 'failed';
    return {
      // Ordered by time, and unlike those of other nodes.
      id: `${at.toString(36).padStart(9, '0')}${this.#deps.randomHex(6)}`,
      ...{ instance, version: version.id, at, handler: handlerOf(input) },
      failure: isFailed ? outcome.failure : null,
      message: isFailed ? outcome.message : '',
      logs: JSON.stringify(logs),
      logs_cut: logsCut ? 1 : 0,
      duration_ms: Math.round(durationMs),
    };
  }

  async #write(instance: string, rows: readonly FunctionInvocationTable[]): Promise<void> {
    const { store, clock } = this.#deps;
    await store.db.transaction().execute(async (db) => {
      await db
        .insertInto('function_invocation')
        .values([...rows])
        .execute();
      const own = db.selectFrom('function_invocation').where('instance', '=', instance);
      const oldest = await own
        .select('id')
        .orderBy('id', 'desc')
        .offset(limits.functionInvocations - 1)
        .limit(1)
        .executeTakeFirst();
      const since = clock.now() - limits.functionInvocationsMs;
      await db
        .deleteFrom('function_invocation')
        .where((row) =>
          row.or([
            row('at', '<', since),
            row.and([row('instance', '=', instance), row('id', '<', oldest?.id ?? '')]),
          ]),
        )
        .execute();
    });
  }
}
