import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import { openSqlite } from '../open-sqlite.ts';
import { controlMigrations } from './control-migrations.ts';

test('a source, a key and a destination from before policies have none, and are live', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'state.db');
  const open = (migrations: typeof controlMigrations) =>
    openSqlite<ControlTables>({ file, migrations, durable: false });
  const entries = Object.entries(controlMigrations);
  const before = entries.findIndex(([name]) => name.endsWith('-source-policy'));
  const old = await open(Object.fromEntries(entries.slice(0, before)));
  const made = { position: 1, created_at: 0 };
  await old.db
    .insertInto('workspace')
    .values({ id: 'w', slug: 'w', name: 'w', revision: 1, created_at: 0 })
    .execute();
  const source = { id: 's', workspace_id: 'w', slug: 's', name: 's', enabled: 1, ...made };
  await old.db
    .insertInto('source')
    .values({ ...source, metadata_id: 'm', settings: '{}', limits: '{}' })
    .execute();
  await old.db
    .insertInto('write_key')
    .values({ write_key: 'k', source_id: 's', ...made })
    .execute();
  const destination = { id: 'd', source_id: 's', metadata_id: 'm', name: null, enabled: 1 };
  await old.db
    .insertInto('destination')
    .values({ ...destination, settings: '{}', since: 0, ...made })
    .execute();
  await old.close();

  const { db, close } = await open(controlMigrations);
  assert.equal((await db.selectFrom('source').selectAll().executeTakeFirst())?.policy, '{}');
  assert.equal((await db.selectFrom('destination').selectAll().executeTakeFirst())?.takes, 'live');
  assert.partialDeepStrictEqual(await db.selectFrom('write_key').selectAll().executeTakeFirst(), {
    write_key: 'k',
    mode: 'live',
    name: null,
    expires_at: null,
    last_used_at: null,
  });
  await close();
});
