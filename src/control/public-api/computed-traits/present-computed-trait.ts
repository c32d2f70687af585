import assert from 'node:assert/strict';
import type { ComputedTraitRow } from '../../computed-traits/find-computed-trait.ts';
import type { Static } from '../../schemas/type.ts';
import { isoTime } from '../frame/iso-time.ts';
import type { ComputedTrait } from '../models/computed-trait.ts';

export function presentComputedTrait(row: ComputedTraitRow): Static<typeof ComputedTrait> {
  const { type } = row;
  assert(type === 'ACCOUNTS' || type === 'USERS', 'only these are stored');
  return {
    id: row.id,
    spaceId: row.space_id,
    name: row.name,
    ...(row.description !== null && { description: row.description }),
    key: row.key,
    enabled: row.enabled === 1,
    definition: { type, query: row.query },
    status: row.enabled === 1 ? 'NOT_COMPUTED' : 'DISABLED',
    createdBy: row.created_by,
    updatedBy: row.updated_by,
    createdAt: isoTime(Number(row.created_at)),
    updatedAt: isoTime(Number(row.updated_at)),
    options: JSON.parse(row.options),
  };
}
