/**
 * After a failover to a standby that lagged, or a restore to an earlier moment, the database has forgotten
 * what nodes that live on believe to be written: a cursor would pass parked events that are gone. PostgreSQL
 * gives each such history a timeline of its own. The row `timeline` of the table `lease` holds the one in
 * which the leases were taken, as its epoch. The first connection that finds another ends every lease in the
 * same statement, before anything else is written: each holder is told that it has lost them, and whoever
 * takes them next begins with what the database has.
 */

import type { Queryable } from './check-connection.ts';
import { failureOf } from './connection-failure.ts';

/** More than the owners of a lease that a standby may not have heard of. */
const forgottenOwners = 1_000;

export async function fenceFailover(client: Queryable): Promise<void> {
  const timeline = await timelineOf(client);
  if (timeline === undefined) return;
  const known = await client.query<{ epoch: number }>(
    "select epoch from lease where name = 'timeline'",
  );
  if (known.rows[0]?.epoch === timeline) return;
  await client.query(
    `with moved as (
      insert into lease (name, owner, epoch, expires_at) values ('timeline', '', $1, 0)
      on conflict (name) do update set epoch = excluded.epoch where lease.epoch <> excluded.epoch
      returning name
    )
    update lease set owner = '', expires_at = 0, epoch = epoch + ${forgottenOwners}
    where name <> 'timeline' and exists (select 1 from moved)`,
    [timeline],
  );
}

/** Undefined where the server does not say: some that are not PostgreSQL itself have no such log. */
async function timelineOf(client: Queryable): Promise<number | undefined> {
  try {
    const { rows } = await client.query<{ file: string }>(
      'select pg_walfile_name(pg_current_wal_lsn()) as file',
    );
    const [{ file } = { file: '' }] = rows;
    const timeline = Number.parseInt(file.slice(0, 8), 16);
    return Number.isNaN(timeline) ? undefined : timeline;
  } catch (error) {
    if (failureOf(error).mayPass) throw error;
    return undefined;
  }
}
