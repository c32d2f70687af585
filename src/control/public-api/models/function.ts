import { limits } from '../../../core/limits.ts';
import { settingTypes } from '../../functions/declared-settings.ts';
import { functionTypes } from '../../functions/function-type.ts';
import { Type } from '../../schemas/type.ts';
import { FreeObject, nullable, oneOf } from '../frame/schema.ts';

export const FunctionType = oneOf(functionTypes);
export const FunctionName = Type.String({ minLength: 1, maxLength: 255 });
export const FunctionCode = Type.String({ maxLength: limits.functionCodeLength });

const FunctionSetting = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 255 }),
  label: Type.String({ maxLength: 255 }),
  description: Type.String({ maxLength: 5_000 }),
  type: oneOf(settingTypes),
  required: Type.Boolean(),
  sensitive: Type.Boolean(),
});

/** What may be said of a function besides its code. */
export const FunctionText = {
  description: Type.Optional(Type.String({ maxLength: 5_000 })),
  logoUrl: Type.Optional(Type.String({ maxLength: 2_000 })),
  settings: Type.Optional(Type.Array(FunctionSetting, { maxItems: 100 })),
};

/** As lists have it. */
export const FunctionItem = Type.Object({
  id: Type.String(),
  resourceType: FunctionType,
  createdAt: Type.String(),
  createdBy: Type.String(),
  displayName: Type.String(),
  description: Type.Optional(Type.String()),
  logoUrl: Type.Optional(Type.String()),
  /** Of a source or destination function: the `metadataId` that its sources or destinations are made with. */
  catalogId: Type.Optional(Type.String()),
});

export const UserFunction = Type.Object({
  ...FunctionItem.properties,
  code: Type.String(),
  deployedAt: nullable('string'),
  settings: Type.Array(FunctionSetting),
  /** True: what is deployed is the code that is shown. */
  isLatestVersion: Type.Boolean(),
});

export const FunctionVersion = Type.Object({
  id: Type.String(),
  author: Type.String(),
  code: Type.String(),
  isDeployed: Type.Boolean(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
  deployedAt: Type.Optional(Type.String()),
});

export const FunctionInstance = Type.Object({
  id: Type.String(),
  name: Type.String(),
  integrationId: Type.String(),
  classId: Type.String(),
  enabled: Type.Boolean(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
  settings: FreeObject,
  /** Sensitive ones, masked. */
  encryptedSettings: FreeObject,
});
