import { limits } from '../../../core/limits.ts';
import { settingTypes } from '../../functions/declared-settings.ts';
import { functionTypes } from '../../functions/function-type.ts';
import { Type } from '../../schemas/type.ts';
import { FreeObject, nullable, nullableObject, oneOf } from '../frame/schema.ts';

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

export const FunctionLogLine = Type.Object({ level: Type.String(), text: Type.String() });

/** What became of an invocation: `done`, or how it failed (docs/reference/functions.md). */
const outcome = {
  outcome: Type.String(),
  message: Type.Optional(Type.String()),
  logs: Type.Array(FunctionLogLine),
  /** True: it has logged more than is kept. */
  logsCut: Type.Boolean(),
  durationMs: Type.Number(),
};

export const FunctionInvocation = Type.Object({
  id: Type.String(),
  at: Type.String(),
  versionId: Type.String(),
  /** Id of the destination, source or insert function instance. */
  usedBy: Type.String(),
  handler: Type.String(),
  ...outcome,
});

export const FunctionTest = Type.Object({
  ...outcome,
  /** The event or request that the code was given. */
  given: Type.Optional(FreeObject),
  /** What an insert function returned, in their places. */
  events: Type.Optional(Type.Array(nullableObject)),
  /** What `onBatch` of a destination function said of each event. */
  items: Type.Optional(Type.Array(Type.Object({ status: Type.Number(), message: Type.String() }))),
  /** What a source function would send. */
  calls: Type.Optional(Type.Array(Type.Object({ type: Type.String(), payload: FreeObject }))),
  /** Requests that the code made. */
  requests: Type.Array(
    Type.Object({
      method: Type.String(),
      url: Type.String(),
      status: Type.Optional(Type.Number()),
      problem: Type.Optional(Type.String()),
    }),
  ),
});
