import { tablePage } from '../../paging/table-page.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { Alert } from '../models/alert.ts';
import { presentAlert } from './present-alert.ts';

export const listAlerts = readOperation({
  operationId: 'listAlerts',
  method: 'GET',
  path: '/alerts',
  tag: 'Tributary',
  summary: 'All alerts, oldest first',
  permission: 'read',
  on: 'workspace',
  query: PaginatedQuery,
  response: Type.Object({ alerts: Type.Array(Alert), pagination: PaginationOutput }),
  handle: async ({ db, environment }, { query }) => {
    const { rows, pagination } = await tablePage(
      pageRequest(query),
      db.selectFrom('alert').selectAll(),
    );
    return { alerts: rows.map((row) => presentAlert(environment, row)), pagination };
  },
});
