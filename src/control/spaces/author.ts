import type { Principal } from '../access/principal.ts';

/** Who makes or changes something, for people: the email of the user, else the actor of the audit trail. */
export function author({ email, actor }: Principal): string {
  return email || actor;
}
