import { type QueryExecutorProvider, sql } from 'kysely';
import { testEngine } from './fresh-stores.ts';

/** Has a table refuse what it is told, `before delete` for one, until the returned function is called. */
export async function refuseWrites(
  db: QueryExecutorProvider,
  event: 'insert' | 'update of lane' | 'delete',
  table: string,
): Promise<() => Promise<void>> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  const before = `create trigger refuse before ${event} on ${table}`;
  if (testEngine() === 'sqlite') {
    await run(`${before} begin select raise(abort, 'no'); end`);
    return async () => {
      await run('drop trigger refuse');
    };
  }
  await run(`create or replace function refuse() returns trigger language plpgsql
    as 'begin raise exception ''no''; end'`);
  await run(`${before} for each row execute function refuse()`);
  return async () => {
    await run(`drop trigger refuse on ${table}`);
  };
}
