import { findFunction } from '../../functions/find-function.ts';
import { runTrial } from '../../functions/trial/run-trial.ts';
import { type Static, Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { FreeObject, Id } from '../frame/schema.ts';
import { FunctionCode, type FunctionLogLine, FunctionTest } from '../models/function.ts';

export const testFunction = readOperation({
  operationId: 'testFunction',
  method: 'POST',
  path: '/functions/{functionId}/test',
  tag: 'Tributary',
  summary:
    'Runs the saved code, or other code, once: on a given event or request, or on a recent event of a source',
  permission: 'write',
  on: { function: 'functionId' },
  perMinute: 60,
  params: Type.Object({ functionId: Id }),
  body: Type.Object({
    event: Type.Optional(FreeObject),
    events: Type.Optional(Type.Array(FreeObject, { minItems: 1, maxItems: 100 })),
    request: Type.Optional(
      Type.Object({
        url: Type.Optional(Type.String({ maxLength: 10_000 })),
        headers: Type.Optional(FreeObject),
        body: Type.Optional(Type.String()),
      }),
    ),
    sourceId: Type.Optional(Id),
    messageId: Type.Optional(Id),
    code: Type.Optional(FunctionCode),
    settings: Type.Optional(FreeObject),
    usedBy: Type.Optional(Id),
  }),
  response: Type.Object({ test: FunctionTest }),
  handle: async (context, { params, body }) => {
    const row = await findFunction(context.db, params.functionId);
    const { report, input } = await runTrial(context, row, body);
    const { outcome, logs, logsCut, traces, durationMs } = report;
    const test: Static<typeof FunctionTest> = {
      outcome: outcome.kind === 'failed' ? outcome.failure : 'done',
      ...(outcome.kind === 'failed' && { message: outcome.message }),
      ...(outcome.kind === 'event' && { events: [JSON.parse(outcome.text)] }),
      ...(outcome.kind === 'events' && {
        events: outcome.texts.map((text) => (text === undefined ? null : JSON.parse(text))),
      }),
      ...(outcome.kind === 'items' && { items: [...outcome.items] }),
      ...(outcome.kind === 'emitted' && {
        calls: outcome.calls.map(({ type, payload }) => ({ type, payload })),
      }),
      ...(input.kind === 'event' && { given: JSON.parse(input.text) }),
      ...(input.kind === 'request' && {
        given: { ...input.request, headers: { ...input.request.headers } },
      }),
      logs: logs.map((line): Static<typeof FunctionLogLine> => ({ ...line })),
      logsCut,
      requests: traces.map((trace) => ({ ...trace })),
      durationMs: Math.round(durationMs),
    };
    return { test };
  },
});
