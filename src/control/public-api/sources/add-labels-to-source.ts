import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { Label, LabelInput } from '../models/label.ts';
import { changeLabels } from './change-labels.ts';

export const addLabelsToSource = writeOperation({
  operationId: 'addLabelsToSource',
  method: 'POST',
  path: '/sources/{sourceId}/labels',
  tag: 'Sources',
  summary: 'Puts labels on a source; one of a key it has takes its place',
  permission: 'write',
  on: { source: 'sourceId' },
  audit: { type: 'Source Modified', resourceType: 'source' },
  params: Type.Object({ sourceId: Id }),
  body: Type.Object({ labels: Type.Array(LabelInput, { maxItems: 100 }) }),
  response: Type.Object({ labels: Type.Array(Label) }),
  handle: (context, { params, body }) => changeLabels(context, params.sourceId, body.labels, false),
});
