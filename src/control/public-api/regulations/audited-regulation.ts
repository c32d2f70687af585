import type { RegulationRow } from '../../privacy/find-regulation.ts';

/** The answer and the audit record of a new regulation. The record names no end user. */
export function auditedRegulation(row: RegulationRow) {
  const count = JSON.parse(row.subject_ids).length;
  return {
    data: { regulateId: row.id },
    audited: {
      resourceId: row.id,
      resourceName: `${row.regulation_type} of ${count} ${row.subject_type}`,
    },
  };
}
