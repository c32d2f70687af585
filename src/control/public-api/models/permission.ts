import { type Grant, resourceTypes } from '../../access/grant.ts';
import { findRole } from '../../access/roles.ts';
import { type Static, Type } from '../../schemas/type.ts';
import { Id, oneOf } from '../frame/schema.ts';
import { Label, LabelInput } from './label.ts';

/** A role on resources, as it is given. */
export const PermissionInput = Type.Object({
  roleId: Id,
  resources: Type.Array(
    Type.Object({
      id: Id,
      type: oneOf(resourceTypes),
      /** Only on a WORKSPACE: its resources with one of them. */
      labels: Type.Optional(Type.Array(LabelInput, { maxItems: 100 })),
    }),
    { maxItems: 1_000 },
  ),
});

/** As it is shown. */
export const Permission = Type.Object({
  roleId: Type.String(),
  roleName: Type.String(),
  resources: Type.Array(
    Type.Object({
      id: Type.String(),
      type: oneOf(resourceTypes),
      labels: Type.Optional(Type.Array(Label)),
    }),
  ),
});

/** What is stored of permissions as they were given: without the descriptions of labels. */
export function grantsOf(permissions: readonly Static<typeof PermissionInput>[]): Grant[] {
  return permissions.map(({ roleId, resources }) => ({
    roleId,
    resources: resources.map(({ id, type, labels = [] }) => ({
      id,
      type,
      ...(labels.length > 0 && { labels: labels.map(({ key, value }) => ({ key, value })) }),
    })),
  }));
}

/** Grants as permissions. A role that a newer version knows shows by its id. */
export function presentGrants(grants: readonly Grant[]): Static<typeof Permission>[] {
  return grants.map(({ roleId, resources }) => ({
    roleId,
    roleName: findRole(roleId)?.name ?? roleId,
    resources: resources.map(({ id, type, labels }) => ({
      id,
      type,
      ...(labels !== undefined && { labels: [...labels] }),
    })),
  }));
}
