import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { Label } from '../models/label.ts';
import { presentLabel } from './present-label.ts';

export const listLabels = readOperation({
  operationId: 'listLabels',
  method: 'GET',
  path: '/labels',
  tag: 'Labels',
  summary: 'The labels of the workspace, all at once',
  permission: 'read',
  on: 'workspace',
  response: Type.Object({ labels: Type.Array(Label) }),
  handle: async ({ db }) => {
    const rows = await db.selectFrom('label').selectAll().orderBy('position').execute();
    return { labels: rows.map(presentLabel) };
  },
});
