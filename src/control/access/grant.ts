import { isJsonObject, type Json } from '../../core/json.ts';
import type { Area, Level } from './area.ts';
import { findRole } from './roles.ts';

/** Kinds of resources that a role may be limited to (spec public-api §6, IAM). */
export const resourceTypes = ['WORKSPACE', 'SOURCE', 'SPACE', 'WAREHOUSE', 'FUNCTION'] as const;
export type ResourceType = (typeof resourceTypes)[number];

export interface LabelPair {
  readonly key: string;
  readonly value: string;
}

/** What a role is given on. Labels only on a WORKSPACE: its resources that carry one of them. */
export interface GrantedResource {
  readonly id: string;
  readonly type: ResourceType;
  readonly labels?: readonly LabelPair[];
}

/** A role on some resources: what a user, a group, an invite or a token holds. */
export interface Grant {
  readonly roleId: string;
  readonly resources: readonly GrantedResource[];
}

/** The resources that grants give for this in an area: those of every role that goes as far. */
export function grantedResources(
  grants: readonly Grant[],
  area: Area,
  level: Level,
): readonly GrantedResource[] {
  return grants.flatMap(({ roleId, resources }) => {
    const held = findRole(roleId)?.areas[area];
    return held === 'admin' || held === level ? resources : [];
  });
}

/** Grants as a table keeps them. What a newer version wrote and this one does not know gives nothing. */
export function parseGrants(text: string): readonly Grant[] {
  const list: Json = JSON.parse(text);
  return Array.isArray(list) ? list.flatMap(readGrant) : [];
}

function readGrant(entry: Json): Grant[] {
  if (!isJsonObject(entry) || typeof entry['roleId'] !== 'string') return [];
  const resources = Array.isArray(entry['resources']) ? entry['resources'] : [];
  return [{ roleId: entry['roleId'], resources: resources.flatMap(readResource) }];
}

function readResource(entry: Json): GrantedResource[] {
  if (!isJsonObject(entry)) return [];
  const type = resourceTypes.find((known) => known === entry['type']);
  if (type === undefined || typeof entry['id'] !== 'string') return [];
  const labels = Array.isArray(entry['labels']) ? entry['labels'].flatMap(readLabel) : [];
  return [{ id: entry['id'], type, ...(labels.length > 0 && { labels }) }];
}

function readLabel(entry: Json): LabelPair[] {
  if (!isJsonObject(entry)) return [];
  const { key, value } = entry;
  return typeof key === 'string' && typeof value === 'string' ? [{ key, value }] : [];
}
