import { limits } from '../../../core/limits.ts';
import { findFunction } from '../../functions/find-function.ts';
import { Type } from '../../schemas/type.ts';
import { isoTime } from '../frame/iso-time.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { FunctionInvocation } from '../models/function.ts';

export const listFunctionInvocations = readOperation({
  operationId: 'listFunctionInvocations',
  method: 'GET',
  path: '/functions/{functionId}/invocations',
  tag: 'Tributary',
  summary: 'The last invocations of a function that failed or have logged, newest first',
  permission: 'read',
  on: { function: 'functionId' },
  params: Type.Object({ functionId: Id }),
  query: Type.Object({ count: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })) }),
  response: Type.Object({ invocations: Type.Array(FunctionInvocation) }),
  handle: async ({ db, environment }, { params, query }) => {
    const { id } = await findFunction(db, params.functionId);
    const versions = await db
      .selectFrom('function_version')
      .select('id')
      .where('function_id', '=', id)
      .execute();
    const work = environment.work();
    if (work === undefined || versions.length === 0) return { invocations: [] };
    const rows = await work.db
      .selectFrom('function_invocation')
      .selectAll()
      .where(
        'version',
        'in',
        versions.map((version) => version.id),
      )
      .orderBy('id', 'desc')
      .limit(query.count ?? limits.functionInvocations)
      .execute();
    return {
      invocations: rows.map((row) => ({
        id: row.id,
        at: isoTime(row.at),
        versionId: row.version,
        usedBy: row.instance,
        handler: row.handler,
        outcome: row.failure ?? 'done',
        ...(row.message !== '' && { message: row.message }),
        logs: JSON.parse(row.logs),
        logsCut: row.logs_cut === 1,
        durationMs: Number(row.duration_ms),
      })),
    };
  },
});
