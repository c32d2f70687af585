import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { Label, LabelInput } from '../models/label.ts';
import { changeLabels } from './change-labels.ts';

export const replaceLabelsInSource = writeOperation({
  operationId: 'replaceLabelsInSource',
  method: 'PUT',
  path: '/sources/{sourceId}/labels',
  tag: 'Sources',
  summary: 'Puts these labels on a source in place of all others',
  permission: 'write',
  on: { source: 'sourceId' },
  audit: { type: 'Source Modified', resourceType: 'source' },
  params: Type.Object({ sourceId: Id }),
  body: Type.Object({ labels: Type.Array(LabelInput, { maxItems: 100 }) }),
  response: Type.Object({ labels: Type.Array(Label) }),
  handle: (context, { params, body }) => changeLabels(context, params.sourceId, body.labels, true),
});
