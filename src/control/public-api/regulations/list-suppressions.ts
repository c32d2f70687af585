import { tablePage } from '../../paging/table-page.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { requirePrivacy } from './require-privacy.ts';

const Suppressed = Type.Object({
  /** `userId`. */
  subjectType: Type.String(),
  subjectIds: Type.Array(Type.String()),
});

export const listSuppressions = readOperation({
  operationId: 'listSuppressions',
  method: 'GET',
  path: '/suppressions',
  tag: 'Deletion and Suppression',
  summary: 'The users suppressed in all sources, one an entry, by the time of their suppression',
  permission: 'read',
  on: 'privacy',
  query: PaginatedQuery,
  response: Type.Object({ suppressed: Type.Array(Suppressed), pagination: PaginationOutput }),
  handle: async (context, { query }) => {
    await requirePrivacy(context);
    const { rows, pagination } = await tablePage(
      pageRequest(query),
      context.db
        .selectFrom('suppression')
        .select(['subject_id', 'position'])
        .where('scope', '=', '')
        .where('in_force', '=', 1),
    );
    const suppressed = rows.map(({ subject_id }) => ({
      subjectType: 'userId',
      subjectIds: [subject_id],
    }));
    return { suppressed, pagination };
  },
});
