import { type Misfits, misfitReasons } from '../tables/misfits.ts';
import { overflowColumn } from '../values/overflow.ts';
import type { SyncNotice } from './sync-job.ts';

/** The values of a sync that are in the overflow of their rows, in words. */
export function misfitNotices(misfits: Misfits): SyncNotice[] {
  const listed = misfits.list.map(({ table, column, reason, count }): SyncNotice => {
    const what = reason === 'tables' ? `Events named ${column}` : `Values of ${table}.${column}`;
    const words =
      reason === 'tables'
        ? 'have no table: the source has as many as it can'
        : misfitReasons[reason];
    return {
      level: 'warning',
      message: `${what} ${words}; they are in ${overflowColumn} (${count})`,
    };
  });
  if (misfits.others === 0) return listed;
  const message = `Values of further columns are in ${overflowColumn} (${misfits.others})`;
  return [...listed, { level: 'warning', message }];
}
