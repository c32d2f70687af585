import { requireAccess } from '../../access/require-access.ts';
import type { ReadContext } from '../../context.ts';

/** Regulations name end users and are not cut to single sources: who reads them needs the role on the workspace. */
export function requirePrivacy({ db, principal }: ReadContext): Promise<void> {
  return requireAccess(db, principal, 'read', { area: 'privacy', whole: true });
}
