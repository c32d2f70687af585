import type { Kysely } from 'kysely';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import { parseGrants } from '../../access/grant.ts';
import type { Static } from '../../schemas/type.ts';
import type { UserGroupRow } from '../../user-groups/find-user-group.ts';
import { countMembers } from '../../user-groups/group-members.ts';
import { presentGrants } from '../models/permission.ts';
import type { UserGroup } from '../models/user-group.ts';

type Presented = Static<typeof UserGroup>;

/** Groups as the API shows them. */
export async function presentUserGroups(
  db: Kysely<ControlTables>,
  rows: readonly UserGroupRow[],
): Promise<Presented[]> {
  const counts = await countMembers(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => present(row, counts.get(row.id) ?? 0));
}

/** One group as the API shows it. */
export async function presentUserGroup(
  db: Kysely<ControlTables>,
  row: UserGroupRow,
): Promise<Presented> {
  return present(row, (await countMembers(db, [row.id])).get(row.id) ?? 0);
}

function present({ id, name, permissions }: UserGroupRow, memberCount: number): Presented {
  return { id, name, memberCount, permissions: presentGrants(parseGrants(permissions)) };
}
