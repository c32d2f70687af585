import { findDestination } from '../../destinations/find-destination.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import {
  DestinationPolicy,
  DestinationPolicyInput,
  presentDestinationPolicy,
} from './destination-policy.ts';

export const updateDestinationPolicy = writeOperation({
  operationId: 'updateDestinationPolicy',
  method: 'PATCH',
  path: '/destinations/{destinationId}/policy',
  tag: 'Tributary',
  summary: 'Sets whose events a destination takes, and the consent it needs; what is absent stays',
  permission: 'write',
  on: { destination: 'destinationId' },
  audit: { type: 'Integration Modified', resourceType: 'destination' },
  params: Type.Object({ destinationId: Id }),
  body: DestinationPolicyInput,
  response: Type.Object({ policy: DestinationPolicy }),
  handle: async ({ db }, { params, body }) => {
    const row = await findDestination(db, params.destinationId);
    const policy = { ...presentDestinationPolicy(row), ...body };
    const consent_categories = JSON.stringify([...new Set(policy.consentCategories)]);
    const set = { takes: policy.takes, consent_categories };
    await db.updateTable('destination').set(set).where('id', '=', row.id).execute();
    return {
      data: { policy: presentDestinationPolicy({ ...row, ...set }) },
      audited: {
        resourceId: row.id,
        resourceName: row.name ?? row.id,
        before: { policy: presentDestinationPolicy(row) },
      },
    };
  },
});
