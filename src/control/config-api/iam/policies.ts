import { createHash } from 'node:crypto';
import { TributaryError } from '../../../core/errors.ts';
import { type Grant, type GrantedResource, parseGrants } from '../../access/grant.ts';
import type { ReadContext } from '../../context.ts';
import { type Static, Type } from '../../schemas/type.ts';
import { grantedName, roleName } from './iam-names.ts';
import { type Subject, subjects } from './subjects.ts';

export const PolicyOutput = Type.Object({
  name: Type.String(),
  role: Type.String(),
  resource: Type.String(),
  subject: Type.String(),
  /** On the workspace only: its resources with one of them. */
  labels: Type.Optional(Type.Array(Type.Object({ key: Type.String(), value: Type.String() }))),
});

/**
 * One role of one user or group on one resource. Policies are not stored: they are another view of what users
 * and groups are granted, and their ids are made of what they say.
 */
export interface Policy {
  readonly id: string;
  readonly subject: Subject;
  readonly roleId: string;
  readonly resource: GrantedResource;
}

/** Every policy of the workspace: those of users, then those of groups, oldest first. */
export async function allPolicies(context: ReadContext): Promise<readonly Policy[]> {
  return (await subjects(context)).flatMap((subject) =>
    parseGrants(subject.row.permissions).flatMap((grant) => policiesOf(subject, grant)),
  );
}

export function policiesOf(subject: Subject, { roleId, resources }: Grant): readonly Policy[] {
  return resources.map((resource) => {
    const { type, id: resourceId, labels = [] } = resource;
    const where = [type, resourceId, ...labels.map(({ key, value }) => [key, value])];
    const said = JSON.stringify([subject.kind, subject.row.id, roleId, where]);
    const id = createHash('sha256').update(said).digest('base64url').slice(0, 22);
    return { id, subject, roleId, resource };
  });
}

/** The policy that a path names. Rejects with `not_found`. */
export async function findPolicy(
  context: ReadContext,
  roleId: string,
  id: string,
): Promise<Policy> {
  const found = (await allPolicies(context)).find((one) => one.id === id && one.roleId === roleId);
  if (found !== undefined) return found;
  throw new TributaryError('not_found', `Policy '${id}' not found.`);
}

export async function configPolicy(
  context: ReadContext,
  { id, subject, roleId, resource }: Policy,
): Promise<Static<typeof PolicyOutput>> {
  const role = roleName(context.environment, roleId);
  const { labels } = resource;
  return {
    name: `${role}/policies/${id}`,
    role,
    resource: await grantedName(context, resource),
    subject: subject.name,
    ...(labels !== undefined && { labels: [...labels] }),
  };
}
