import type { Permission } from './permission.ts';

/** Who makes a request. */
export interface Principal {
  readonly tokenId: string;
  readonly permission: Permission;
  /** As the audit trail names it (spec public-api §1). */
  readonly actor: string;
}
