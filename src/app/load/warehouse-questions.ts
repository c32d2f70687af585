import { randomBytes } from 'node:crypto';
import type { Bus } from '../../core/bus.ts';
import type { Clock } from '../../core/clock.ts';
import { type ErrorCode, errorTable, TributaryError } from '../../core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import type { AskWarehouse, QueryOptions, QueryResult } from '../../core/warehouse-engine.ts';

/*
 * A query of the control process is answered by the worker of its node, whose loads have the warehouses open: a file of
 * DuckDB can be opened by one process only.
 */

/** Longer than a query may take, with the start of a process. */
const answerWithinMs = limits.warehouseQueryMs + 15_000;

/** Asks over the bus. Rejects with `unavailable` when nobody answers in time. */
export function askWarehouse(bus: Bus, clock: Clock): AskWarehouse {
  return (warehouse: string, sql: string, options: QueryOptions): Promise<QueryResult> =>
    new Promise((resolve, reject) => {
      const id = randomBytes(8).toString('hex');
      const finish = () => {
        cancel();
        unsubscribe();
      };
      const cancel = clock.after(answerWithinMs, () => {
        finish();
        reject(
          new TributaryError('unavailable', 'The process that loads warehouses did not answer'),
        );
      });
      const unsubscribe = bus.subscribe('warehouse.answer', (payload) => {
        if (!isJsonObject(payload) || payload['id'] !== id) return;
        finish();
        if (isJsonObject(payload['result'])) resolve(readResult(payload['result']));
        else reject(readFailure(payload));
      });
      bus.publish('warehouse.ask', { id, warehouse, sql, ...options });
    });
}

/** Answers such questions. Returns the end of it. */
export function answerQueries(bus: Bus, give: (question: Json) => Promise<JsonObject>): () => void {
  return bus.subscribe('warehouse.ask', (question) => {
    const id = isJsonObject(question) ? (question['id'] ?? null) : null;
    give(question).then(
      (result) => bus.publish('warehouse.answer', { id, result }),
      (error: unknown) => {
        if (!(error instanceof TributaryError)) throw error;
        const { code, message, field = null } = error;
        bus.publish('warehouse.answer', { id, code, message, field });
      },
    );
  });
}

function readFailure(payload: JsonObject): TributaryError {
  const { code, message, field } = payload;
  const options = typeof field === 'string' ? { field } : {};
  return new TributaryError(isCode(code) ? code : 'internal_error', String(message), options);
}

function isCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorTable, code);
}

/** Made by the worker of this very version. */
function readResult(result: unknown): QueryResult {
  return result as QueryResult;
}
