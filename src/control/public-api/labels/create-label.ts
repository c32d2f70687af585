import { InputFailure, type InputProblem } from '../../input-failure.ts';
import { makeLabel } from '../../labels/make-label.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Label } from '../models/label.ts';
import { presentLabel } from './present-label.ts';

const word = Type.String({ maxLength: 255, pattern: '^[A-Za-z][A-Za-z0-9-]*$' });
const description = Type.String({ maxLength: 1_000 });

export const createLabel = writeOperation({
  operationId: 'createLabel',
  method: 'POST',
  path: '/labels',
  tag: 'Labels',
  summary: 'Makes a label that can be put on resources',
  permission: 'write',
  on: 'workspace',
  perMinute: 60,
  status: 201,
  audit: { type: 'Label Created', resourceType: 'label' },
  body: Type.Object({
    label: Type.Optional(
      Type.Object({ key: word, value: word, description: Type.Optional(description) }),
    ),
    /** As in the summary of the API: the label without its wrapper. */
    key: Type.Optional(word),
    value: Type.Optional(word),
    description: Type.Optional(description),
  }),
  response: Type.Object({ label: Label }),
  seed: {
    response: Type.Object({ label: Label, labels: Type.Array(Label) }),
    from: async (data) => ({ ...data, labels: [data['label'] ?? null] }),
  },
  handle: async (context, { body }) => {
    const row = await makeLabel(context, labelOf(body));
    return {
      data: { label: presentLabel(row) },
      audited: { resourceId: `${row.key}:${row.value}`, resourceName: `${row.key}:${row.value}` },
    };
  },
});

interface Given {
  readonly key?: string;
  readonly value?: string;
  readonly description?: string;
}

function labelOf({ label, key, value, description }: Given & { readonly label?: Given }) {
  const given = label ?? { key, value, ...(description !== undefined && { description }) };
  if (given.key !== undefined && given.value !== undefined) {
    const { key, value } = given;
    return {
      key,
      value,
      ...(given.description !== undefined && { description: given.description }),
    };
  }
  if (key === undefined && value === undefined) throw new InputFailure([required('label')]);
  throw new InputFailure([required(key === undefined ? 'key' : 'value')]);
}

function required(field: string): InputProblem {
  return { field, message: `"${field}" is required` };
}
