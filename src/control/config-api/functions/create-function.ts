import { makeFunction } from '../../functions/make-function.ts';
import { deployFunction } from '../../functions/versions/deploy-function.ts';
import { AnyJson } from '../../public-api/frame/schema.ts';
import { presentFunction } from '../../public-api/functions/present-function.ts';
import { FunctionCode } from '../../public-api/models/function.ts';
import { Type } from '../../schemas/type.ts';
import { configWrite } from '../frame/config-operation.ts';
import { inConfigWords } from '../frame/in-config-words.ts';
import { configFunction, FunctionOutput } from './function.ts';
import { functionField, functionTypeOf, readSettings, untitled } from './function-input.ts';

export const createFunction = configWrite({
  operationId: 'configCreateFunction',
  method: 'POST',
  path: '/workspaces/{workspace}/functions',
  tag: 'Functions',
  summary: 'Makes a function and deploys it: this API has no other way to',
  permission: 'write',
  area: 'function',
  audit: { type: 'Function Created', resourceType: 'function' },
  body: Type.Object({
    /** `SOURCE`, `DESTINATION`, …; or as `function.type`. */
    type: Type.Optional(Type.String()),
    function: Type.Object({
      type: Type.Optional(Type.String()),
      display_name: Type.Optional(Type.String({ maxLength: 255 })),
      code: FunctionCode,
      description: Type.Optional(Type.String({ maxLength: 5_000 })),
      logo_url: Type.Optional(Type.String({ maxLength: 2_000 })),
      settings: Type.Optional(Type.Array(AnyJson, { maxItems: 100 })),
      /** Not looked at. */
      buildpack: Type.Optional(Type.String()),
    }),
  }),
  response: FunctionOutput,
  handle: async (context, { body: { type, function: given } }) => {
    const resourceType = functionTypeOf('type', type ?? given.type);
    const settings = readSettings(given.settings ?? []);
    const row = await inConfigWords(functionField, async () => {
      const made = await makeFunction(context, {
        resourceType,
        displayName: untitled(given.display_name ?? ''),
        code: given.code,
        ...(given.description && { description: given.description }),
        ...(given.logo_url && { logoUrl: given.logo_url }),
        settings,
      });
      await deployFunction(context, made);
      return made;
    });
    return {
      data: await configFunction(context, row),
      audited: {
        resourceId: row.id,
        resourceName: row.display_name,
        after: { function: await presentFunction(context, row) },
      },
    };
  },
});
