/** How a node connects to PostgreSQL, and what it says when it cannot. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { makeCertificate } from '../../src/core/testing/certificate.ts';
import { stateStores } from '../../src/storage/open-state.ts';
import { freePort } from '../rig/free-port.ts';
import { databaseUrl, postgresPassword } from '../rig/postgres.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { keptLog, missing, nodeFor, plain, serverFor, sharedServer } from './state-rig.ts';

const server = sharedServer();
const skip = missing;

/** The error that opening ends with; it never holds the password, nor does the log. */
async function refused(url: string): Promise<{ code: unknown; message: string }> {
  const { logger, lines } = keptLog();
  const opening = async () => (await stateStores(url, { logger }).openControl()).close();
  const error: unknown = await opening().then(
    () => assert.fail(`${url} was opened`),
    (reason: unknown) => reason,
  );
  assert(error instanceof Error && 'code' in error);
  const all = JSON.stringify([plain(error), lines]);
  for (const secret of [postgresPassword, encodeURIComponent(postgresPassword), 'hush']) {
    assert.ok(!all.includes(secret), `the password is in ${all}`);
  }
  return { code: error.code, message: error.message };
}

test('a new database needs no preparation, and each deployment has its own schemas', {
  skip,
}, async (t) => {
  const url = await server().url();
  const [one, other] = [nodeFor(t, url), nodeFor(t, `${url}?schema=other&pool=2`)];
  const workspace = { id: 'w', slug: 'w', name: 'w', revision: 1, created_at: 1 };
  await (await one.control()).db.insertInto('workspace').values(workspace).execute();
  assert.deepEqual(
    await (await other.control()).db.selectFrom('workspace').selectAll().execute(),
    [],
  );
  await one.work();
  await other.work();
  const database = new URL(url).pathname.slice(1);
  const schemas = await server().query(
    "select nspname from pg_namespace where nspname ~ '^(tributary|other)' order by nspname",
    database,
  );
  assert.deepEqual(
    schemas.map(({ nspname }) => nspname),
    ['other', 'other_work', 'tributary', 'tributary_work'],
  );
});

test('a user who may not make schemas can use those that were made for it', { skip }, async (t) => {
  const url = new URL(await server().url());
  const database = url.pathname.slice(1);
  await server().query("create user limited password 'l'", database);
  url.username = 'limited';
  url.password = 'l';
  const { code, message } = await refused(url.href);
  assert.equal(code, 'config_invalid');
  assert.match(message, /permission denied/);
  await server().query('create schema tributary authorization limited', database);
  await nodeFor(t, url.href).control();
});

test('what somebody must put right is said as such, without the password', { skip }, async () => {
  const url = await server().url();
  for (const [changed, says] of [
    [url.replace(/:[^:@]+@/, ':hush@'), /user tributary: password authentication failed/],
    [databaseUrl(server().port, 'none'), /database "none" does not exist/],
    [`${url}?sslmode=require`, /does not support SSL/],
    [`${url}?sslmode=prefer`, /sslmode must be one of disable, require/],
    [`${url}?password=hush`, /takes schema, .* not password/],
    [`${url}?pool=0`, /pool must be/],
    [`${url}?schema=a-b`, /schema must be/],
    [`${url}?sslmode=verify-full&sslrootcert=/nowhere`, /sslrootcert: ENOENT/],
    [`${url}?sslcert=/nowhere`, /sslcert/],
    [`postgres://127.0.0.1:${server().port}/x`, /names no user/],
    [`postgres://hush:hush@127.0.0.1:${server().port}`, /names no database/],
    ['mysql://me:hush@127.0.0.1/x', /no state store for mysql:/],
  ] as const) {
    const { code, message } = await refused(changed);
    assert.equal(code, 'config_invalid', message);
    assert.match(message, says);
  }
});

test('a server that is not there may come: that is no mistake of the configuration', {
  skip,
}, async () => {
  const { code, message } = await refused(databaseUrl(await freePort(), 'x'));
  assert.equal(code, 'store_failed');
  assert.match(
    message,
    /PostgreSQL at 127\.0\.0\.1:\d+, database x, user tributary: .*ECONNREFUSED/,
  );
});

test('a connection over TLS is verified as far as sslmode says', { skip }, async (t) => {
  const [own, foreign] = [makeCertificate(['127.0.0.1']), makeCertificate()];
  const folder = await tempFolder('authorities');
  t.after(() => folder.remove());
  const named = await serverWith(t, own);
  const file = (name: string, text: string) => {
    const path = join(folder.path, name);
    writeFileSync(path, text);
    return path;
  };
  const [ca, other] = [file('own.pem', own.cert), file('foreign.pem', foreign.cert)];
  const url = await named.url();
  for (const query of [
    'sslmode=require',
    `sslmode=verify-ca&sslrootcert=${ca}`,
    `sslmode=verify-full&sslrootcert=${ca}`,
  ]) {
    const store = await nodeFor(t, `${url}?${query}`).control();
    await store.db.selectFrom('workspace').selectAll().execute();
  }
  const encrypted = await named.query(
    'select count(*)::int as n from pg_stat_ssl where ssl',
    'postgres',
  );
  assert.ok(Number(encrypted[0]?.['n']) >= 3, 'the connections are encrypted');
  for (const query of [
    'sslmode=verify-full',
    `sslmode=require&sslrootcert=${other}`,
    `sslmode=verify-ca&sslrootcert=${other}`,
    `sslmode=verify-full&sslrootcert=${other}`,
  ]) {
    assert.equal((await refused(`${url}?${query}`)).code, 'config_invalid', query);
  }
});

test('under another name than its own a server passes verify-ca, not verify-full', {
  skip,
}, async (t) => {
  const certificate = makeCertificate(['db.example.com']);
  const folder = await tempFolder('authority');
  t.after(() => folder.remove());
  const ca = join(folder.path, 'ca.pem');
  writeFileSync(ca, certificate.cert);
  const url = await (await serverWith(t, certificate)).url();
  await nodeFor(t, `${url}?sslmode=verify-ca&sslrootcert=${ca}`).control();
  const { code, message } = await refused(`${url}?sslmode=verify-full&sslrootcert=${ca}`);
  assert.equal(code, 'config_invalid');
  assert.match(message, /altnames/);
});

function serverWith(t: TestContext, tls: { readonly cert: string; readonly key: string }) {
  return serverFor(t, { tls });
}
