import type { Bus } from '../../core/bus.ts';
import type { Clock } from '../../core/clock.ts';
import { type ErrorCode, errorTable, TributaryError } from '../../core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import type { AskWarehouse, QueryOptions, QueryResult } from '../../core/warehouse-engine.ts';
import { answerer, asker, type BusQuestion } from '../node/bus-question.ts';

/*
 * A query of the control process is answered by the worker of its node, whose loads have the warehouses open: a file of
 * DuckDB can be opened by one process only.
 */

const question: BusQuestion = {
  ask: 'warehouse.ask',
  answer: 'warehouse.answer',
  // Longer than a query may take, with the start of a process.
  withinMs: limits.warehouseQueryMs + 15_000,
};

/** Asks over the bus. Rejects with `unavailable` when nobody answers in time. */
export function askWarehouse(bus: Bus, clock: Clock, randomHex: () => string): AskWarehouse {
  const ask = asker(bus, clock, question, randomHex);
  return async (warehouse: string, sql: string, options: QueryOptions): Promise<QueryResult> => {
    const said = await ask({ warehouse, sql, ...options });
    if (!isJsonObject(said)) {
      throw new TributaryError('unavailable', 'The process that loads warehouses did not answer');
    }
    if (isJsonObject(said['result'])) return readResult(said['result']);
    throw readFailure(said);
  };
}

/** Answers such questions. Returns the end of it. */
export function answerQueries(bus: Bus, give: (asked: Json) => Promise<JsonObject>): () => void {
  return answerer(bus, question, async (asked) => {
    try {
      return { result: await give(asked) };
    } catch (error) {
      if (!(error instanceof TributaryError)) throw error;
      const { code, message, field = null } = error;
      return { code, message, field };
    }
  });
}

function readFailure({ code, message, field }: JsonObject): TributaryError {
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
