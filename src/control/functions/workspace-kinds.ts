import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { DestinationKind, SettingOption } from '../../core/destination.ts';
import { eventTypes } from '../../core/event.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type { SourceDefinition } from '../catalog/source-catalog.ts';
import type { DeclaredSetting } from './declared-settings.ts';
import { shownName } from './display-name.ts';

/** What a function declares where it is a kind of its own: its settings are kept as those of instances are. */
interface Declared {
  readonly declared: readonly DeclaredSetting[];
}

/** The entries of the catalogue that are functions of the workspace: those of which a version is deployed. */
export interface WorkspaceKinds {
  readonly destinations: readonly (DestinationKind & Declared)[];
  readonly sources: readonly (SourceDefinition & Declared)[];
}

/** Whether a kind of source or destination is a function of the workspace. */
export function isFunctionKind<Kind extends object>(kind: Kind): kind is Kind & Declared {
  return 'declared' in kind;
}

/** The `catalogId` of a function: the `metadataId` that its sources or destinations are made with (spec public-api §6). */
export function catalogIdOf(functionId: string): string {
  return createHash('sha256').update(functionId).digest('hex').slice(0, 24);
}

/** Reads the functions that are entries of the catalogue, oldest first. */
export async function readWorkspaceKinds(
  db: Kysely<ControlTables>,
  workspace: { readonly name: string },
): Promise<WorkspaceKinds> {
  const rows = await db
    .selectFrom('user_function as made')
    .innerJoin('function_version as version', 'version.function_id', 'made.id')
    .select([
      'made.id',
      'made.resource_type',
      'made.display_name',
      'made.description',
      'made.settings',
    ])
    .where('made.resource_type', 'in', ['DESTINATION', 'SOURCE'])
    .where('version.deployed', '=', 1)
    .orderBy('made.position')
    .execute();
  const kinds = rows.map((row) => {
    const declared: DeclaredSetting[] = JSON.parse(row.settings);
    const id = catalogIdOf(row.id);
    const isDestination = row.resource_type === 'DESTINATION';
    return {
      id,
      slug: `${isDestination ? 'destination' : 'source'}-function-${id.slice(0, 8)}`,
      name: shownName({ workspace }, row.resource_type, row.display_name),
      description: row.description ?? '',
      declared,
      options: declared.map(optionOf),
      isDestination,
    };
  });
  return {
    destinations: kinds
      .filter(({ isDestination }) => isDestination)
      .map((kind) => ({ ...kind, website: '', categories: ['Custom'], supports: eventTypes })),
    sources: kinds
      .filter(({ isDestination }) => !isDestination)
      .map((kind) => ({ ...kind, category: 'Custom' as const })),
  };
}

const optionTypes = {
  ARRAY: 'array',
  BOOLEAN: 'boolean',
  STRING: 'string',
  TEXT_MAP: 'text-map',
} as const satisfies Record<DeclaredSetting['type'], SettingOption['type']>;

function optionOf({
  name,
  label,
  description,
  type,
  required,
  sensitive,
}: DeclaredSetting): SettingOption {
  const shown = sensitive && type === 'STRING' ? 'password' : optionTypes[type];
  return { name, label, description, type: shown, required };
}
