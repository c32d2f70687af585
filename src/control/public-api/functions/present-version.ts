import type { VersionRow } from '../../functions/versions/find-version.ts';
import type { Static } from '../../schemas/type.ts';
import { isoTime } from '../frame/iso-time.ts';
import type { FunctionVersion } from '../models/function.ts';

export function presentVersion(row: VersionRow): Static<typeof FunctionVersion> {
  return {
    id: row.id,
    author: row.author,
    code: row.code,
    isDeployed: row.deployed === 1,
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
    ...(row.deployed_at !== null && { deployedAt: isoTime(row.deployed_at) }),
  };
}
