import { roles } from '../../access/roles.ts';
import { listPage } from '../../paging/list-page.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';

const Role = Type.Object({ id: Type.String(), name: Type.String(), description: Type.String() });

export const listRoles = readOperation({
  operationId: 'listRoles',
  method: 'GET',
  path: '/roles',
  tag: 'IAM Roles',
  summary: 'The roles that can be given; their ids are the same on every server',
  permission: 'read',
  on: 'workspace',
  query: PaginatedQuery,
  response: Type.Object({ roles: Type.Array(Role), pagination: PaginationOutput }),
  handle: async (_context, { query }) => {
    const { rows, pagination } = await listPage(pageRequest(query), roles);
    return {
      roles: rows.map(({ item: { id, name, description } }) => ({ id, name, description })),
      pagination,
    };
  },
});
