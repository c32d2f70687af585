import { isActionsDestination } from '../../../core/actions-destination.ts';
import { TributaryError } from '../../../core/errors.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { AnyJson, Id, oneOf } from '../frame/schema.ts';

const HookField = Type.Object({
  key: Type.String(),
  label: Type.String(),
  type: Type.String(),
  description: Type.String(),
  required: Type.Boolean(),
  multiple: Type.Boolean(),
  dynamic: Type.Boolean(),
  choices: Type.Optional(AnyJson),
  defaultValue: Type.Optional(AnyJson),
});

const ActionHook = Type.Object({
  type: oneOf(['onMappingSave', 'retlOnMappingSave']),
  label: Type.String(),
  description: Type.String(),
  inputFields: Type.Array(HookField),
  outputFields: Type.Array(HookField),
});

const ActionHooks = Type.Object({
  id: Type.String(),
  slug: Type.String(),
  hooks: Type.Array(ActionHook),
  syncMode: Type.Optional(
    Type.Object({
      default: Type.String(),
      choices: Type.Array(Type.Object({ label: Type.String(), value: Type.String() })),
    }),
  ),
});

export const getHooksFromDestinationMetadata = readOperation({
  operationId: 'getHooksFromDestinationMetadata',
  method: 'GET',
  path: '/catalog/destinations/{destinationMetadataId}/hooks',
  tag: 'Tributary',
  summary:
    'What a kind of destination does at its vendor when a mapping is saved or an audience connected',
  permission: 'read',
  on: 'workspace',
  params: Type.Object({ destinationMetadataId: Id }),
  response: Type.Object({
    /** Absent: it knows nothing of audiences. */
    audience: Type.Optional(
      Type.Object({ creates: Type.Boolean(), fields: Type.Array(HookField) }),
    ),
    /** Those that have hooks or a sync mode. */
    actions: Type.Array(ActionHooks),
  }),
  handle: ({ environment }, { params }) => {
    const kind = environment.catalog.destination(params.destinationMetadataId);
    if (kind === undefined) {
      const text = `Destination metadata with id '${params.destinationMetadataId}' not found.`;
      throw new TributaryError('not_found', text);
    }
    if (!isActionsDestination(kind)) return { actions: [] };
    const { actions, audience } = kind.readActions();
    return {
      ...(audience && { audience }),
      actions: actions
        .filter(({ hooks, syncMode }) => hooks !== undefined || syncMode !== undefined)
        .map(({ id, slug, hooks = [], syncMode }) => ({
          ...{ id, slug, hooks },
          ...(syncMode && { syncMode }),
        })),
    };
  },
});
