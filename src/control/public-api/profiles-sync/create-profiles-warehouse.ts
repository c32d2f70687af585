import { makeProfilesWarehouse } from '../../profiles-sync/make-profiles-warehouse.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { FreeObject, Id } from '../frame/schema.ts';
import { ProfilesWarehouse } from '../models/profiles-warehouse.ts';
import { presentProfilesWarehouse } from './present-profiles-warehouse.ts';

export const createProfilesWarehouse = writeOperation({
  operationId: 'createProfilesWarehouse',
  method: 'POST',
  path: '/spaces/{spaceId}/profiles-warehouses',
  tag: 'Profiles Sync',
  summary: 'Connects a warehouse to the profiles of a space; nothing is loaded into it yet',
  permission: 'write',
  on: { space: 'spaceId' },
  tiers: ['v1alpha'],
  status: 201,
  audit: { type: 'Profiles Sync Warehouse Created', resourceType: 'profiles-warehouse' },
  params: Type.Object({ spaceId: Id }),
  body: Type.Object({
    metadataId: Id,
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    enabled: Type.Optional(Type.Boolean()),
    settings: Type.Optional(FreeObject),
    schemaName: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  }),
  response: Type.Object({ profilesWarehouse: ProfilesWarehouse }),
  handle: async (context, { params, body }) => {
    const row = await makeProfilesWarehouse(context, params.spaceId, body);
    const profilesWarehouse = presentProfilesWarehouse(context.environment, row);
    return {
      data: { profilesWarehouse },
      audited: {
        resourceId: row.id,
        resourceName: row.name ?? profilesWarehouse.metadata.name,
      },
    };
  },
});
