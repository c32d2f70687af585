import { limits } from '../../../core/limits.ts';
import { changeFunction, type FunctionChange } from '../../functions/change-function.ts';
import { findFunction } from '../../functions/find-function.ts';
import { deployFunction } from '../../functions/versions/deploy-function.ts';
import { presentFunction } from '../../public-api/functions/present-function.ts';
import { Type } from '../../schemas/type.ts';
import { configWrite } from '../frame/config-operation.ts';
import { inConfigWords } from '../frame/in-config-words.ts';
import {
  type Masked,
  maskedList,
  maskedText,
  maskKeys,
  ResourceInput,
  readMasked,
} from '../frame/update-mask.ts';
import { configFunction, FunctionOutput } from './function.ts';
import { functionField, readSettings, untitled } from './function-input.ts';

const key = 'function';
const fields = ['code', 'display_name', 'description', 'logo_url', 'settings'] as const;

export const updateFunction = configWrite({
  operationId: 'configUpdateFunction',
  method: 'PATCH',
  path: '/workspaces/{workspace}/functions/{function}',
  tag: 'Functions',
  summary: 'Changes a function; code that the mask names is deployed',
  permission: 'write',
  area: 'function',
  audit: { type: 'Function Modified', resourceType: 'function' },
  body: Type.Object({ function: ResourceInput, ...maskKeys }),
  response: FunctionOutput,
  handle: async (context, { params, body }) => {
    const row = await findFunction(context.db, params.function);
    const before = { function: await presentFunction(context, row) };
    const change = changeOf(readMasked(body, key, fields));
    const changed = await inConfigWords(functionField, async () => {
      const next = await changeFunction(context, row, change);
      if (change.code !== undefined) await deployFunction(context, next);
      return next;
    });
    return {
      data: await configFunction(context, changed),
      audited: {
        resourceId: row.id,
        resourceName: changed.display_name,
        before,
        after: { function: await presentFunction(context, changed) },
      },
    };
  },
});

function changeOf(masked: Masked<string>): FunctionChange {
  const code = maskedText(masked, key, 'code', limits.functionCodeLength);
  const name = maskedText(masked, key, 'display_name');
  const description = maskedText(masked, key, 'description', 5_000);
  const logoUrl = maskedText(masked, key, 'logo_url', 2_000);
  const settings = maskedList(masked, key, 'settings');
  return {
    ...(code !== undefined && { code }),
    ...(name !== undefined && { displayName: untitled(name) }),
    ...(description !== undefined && { description }),
    ...(logoUrl !== undefined && { logoUrl }),
    ...(settings !== undefined && { settings: readSettings(settings) }),
  };
}
