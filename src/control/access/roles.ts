import { type Area, areas, type Level } from './area.ts';

/** A role as people are given it; what it means is the same for everybody (spec public-api §6, IAM). */
export interface Role {
  /** 27 characters, the same on every server, so that scripts may name it. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly areas: Readonly<Partial<Record<Area, Level>>>;
}

const everything = Object.fromEntries(areas.map((area) => [area, 'admin' as const]));

function role(
  slug: string,
  name: string,
  granted: Readonly<Partial<Record<Area, Level>>>,
  description: string,
): Role {
  return { id: `1r${slug}`.padEnd(27, '0'), name, description, areas: granted };
}

/** Segment's roles by name. Every role may read the workspace and the catalogue. */
export const roles: readonly Role[] = [
  role('WorkspaceOwner', 'Workspace Owner', everything, 'Everything, users and tokens included.'),
  role(
    'WorkspaceMember',
    'Workspace Member',
    { workspace: 'read' },
    'The workspace itself and nothing in it; the former name of Minimal Workspace Access.',
  ),
  role(
    'MinimalAccess',
    'Minimal Workspace Access',
    { workspace: 'read' },
    'The workspace itself and nothing in it.',
  ),
  role(
    'SourceAdmin',
    'Source Admin',
    { workspace: 'read', source: 'admin' },
    'Changes sources, their write keys and their destinations.',
  ),
  role(
    'SourceReadOnly',
    'Source Read-only',
    { workspace: 'read', source: 'read' },
    'Sees sources and their destinations, without write keys.',
  ),
  role(
    'FunctionAdmin',
    'Function Admin',
    { workspace: 'read', function: 'admin' },
    'Writes and deploys functions.',
  ),
  role(
    'FunctionReadOnly',
    'Function Read-only',
    { workspace: 'read', function: 'read' },
    'Sees functions.',
  ),
  role(
    'WarehouseAdmin',
    'Warehouse Destination Admin',
    { workspace: 'read', warehouse: 'admin' },
    'Changes warehouses and what is loaded into them.',
  ),
  role(
    'WarehouseReadOnly',
    'Warehouse Destination Read-only',
    { workspace: 'read', warehouse: 'read' },
    'Sees warehouses and their syncs.',
  ),
  role(
    'TrackingPlanAdmin',
    'Tracking Plan Admin',
    { workspace: 'read', 'tracking-plan': 'admin' },
    'Changes tracking plans and transformations.',
  ),
  role(
    'TrackingPlanReadOnly',
    'Tracking Plan Read-only',
    { workspace: 'read', 'tracking-plan': 'read' },
    'Sees tracking plans and transformations.',
  ),
  role(
    'IdentityAdmin',
    'Identity Admin',
    { workspace: 'read', space: 'admin' },
    'Changes how profiles of a space are put together.',
  ),
  role(
    'EndUserPrivacyAdmin',
    'End User Privacy Admin',
    { workspace: 'read', privacy: 'admin' },
    'Deletes and suppresses end users.',
  ),
  role(
    'UnifyAndEngageAdmin',
    'Unify and Engage Admin',
    { workspace: 'read', space: 'admin' },
    'Changes spaces, audiences and computed traits.',
  ),
  role(
    'UnifyAndEngageReadOnly',
    'Unify and Engage Read-only',
    { workspace: 'read', space: 'read' },
    'Sees spaces, audiences and computed traits.',
  ),
  role(
    'UnifyReadOnlyEngageUser',
    'Unify Read-only and Engage User',
    { workspace: 'read', space: 'read' },
    'Sees profiles and works with what is in a space.',
  ),
  role(
    'EntitiesAdmin',
    'Entities Admin',
    { workspace: 'read', entity: 'admin', space: 'read' },
    'Changes entities and reverse ETL models.',
  ),
  role(
    'EntitiesReadOnly',
    'Entities Read-only',
    { workspace: 'read', entity: 'read', space: 'read' },
    'Sees entities and reverse ETL models.',
  ),
  role('PIIAccess', 'PII Access', { pii: 'read' }, 'Sees personal data where it is shown masked.'),
];

const byId = new Map(roles.map((entry) => [entry.id, entry]));

export function findRole(id: string): Role | undefined {
  return byId.get(id);
}
