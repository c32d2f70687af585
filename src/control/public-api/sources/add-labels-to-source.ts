import Type from 'typebox';
import { findSource } from '../../sources/find-source.ts';
import { readSourceLabels, setSourceLabels } from '../../sources/source-labels.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { Label, LabelInput } from '../models/label.ts';

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
  handle: async ({ db }, { params, body }) => {
    const row = await findSource(db, params.sourceId);
    const read = async () => (await readSourceLabels(db, [row.id])).get(row.id) ?? [];
    const before = await read();
    await setSourceLabels(db, row.id, body.labels, false);
    return {
      data: { labels: await read() },
      audited: { resourceId: row.id, resourceName: row.name, before: { labels: before } },
    };
  },
});
