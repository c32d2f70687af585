import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { limits } from '../../core/limits.ts';
import { silentLogger } from '../../core/logger.ts';
import { Registry } from '../../core/prometheus.ts';
import { makeCertificate, type TestCertificate } from '../../core/testing/certificate.ts';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { CertificateFiles } from './certificate-files.ts';

const [first, second] = [makeCertificate(), makeCertificate()];

function write(folder: string, { cert, key }: TestCertificate): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'tls.crt'), cert);
  writeFileSync(join(folder, 'tls.key'), key);
}

/** Files in a temp folder, watched; `look` lets the next look happen. */
function watched(t: TestContext, lay: (folder: string) => void) {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-certificate-'));
  t.after(() => rmSync(folder, { recursive: true }));
  lay(folder);
  const clock = new ManualClock();
  const registry = new Registry();
  const errors: string[] = [];
  const logger = { ...silentLogger, error: (_: object, text: string) => void errors.push(text) };
  const at = (name: string) => join(folder, name);
  const files = new CertificateFiles(at('tls.crt'), at('tls.key'), { clock, logger, registry });
  const renewed: TestCertificate[] = [];
  files.watch((pair) => renewed.push(pair));
  const look = () => clock.advance(limits.certificateCheckMs);
  return { at, files, renewed, errors, registry, look, clock };
}

test('files written in place, or renamed over the old ones, are taken over', (t) => {
  const { at, look, renewed, files } = watched(t, (folder) => write(folder, first));
  look();
  assert.deepEqual(renewed, [], 'nothing has changed');
  write(at('.'), second);
  look();
  assert.deepEqual(renewed, [second]);
  write(at('new'), first);
  for (const name of ['tls.crt', 'tls.key']) renameSync(at(`new/${name}`), at(name));
  look();
  look();
  assert.deepEqual(renewed, [second, first]);
  assert.deepEqual(files.current, first);
});

test('a symbolic link that is swapped is taken over: of a file, as certbot does it, and of a folder, as Kubernetes does', (t) => {
  const { at, look, renewed } = watched(t, (folder) => {
    write(join(folder, '..1'), first);
    write(join(folder, '..2'), second);
    symlinkSync('..1', join(folder, '..data'));
    for (const name of ['tls.crt', 'tls.key']) symlinkSync(`..data/${name}`, join(folder, name));
  });
  symlinkSync('..2', at('..data_tmp'));
  renameSync(at('..data_tmp'), at('..data'));
  look();
  assert.deepEqual(renewed, [second]);
  for (const name of ['tls.crt', 'tls.key']) {
    symlinkSync(`..1/${name}`, at('link'));
    renameSync(at('link'), at(name));
  }
  look();
  assert.deepEqual(renewed, [second, first]);
});

test('a pair that is half-written, mismatched or missing keeps the old one: one error and one count for each change, and the whole pair is taken when it is there', async (t) => {
  const { at, look, renewed, errors, registry, files } = watched(t, (folder) =>
    write(folder, first),
  );
  const broken = [
    () => writeFileSync(at('tls.crt'), second.cert.slice(0, 300)),
    () => writeFileSync(at('tls.crt'), second.cert),
    () => writeFileSync(at('tls.key'), ''),
    () => rmSync(at('tls.key')),
  ];
  for (const [index, breakIt] of broken.entries()) {
    breakIt();
    look();
    look();
    assert.equal(errors.length, index + 1);
    assert.deepEqual(files.current, first);
  }
  const metrics = await registry.metrics();
  assert.match(metrics, /tributary_tls_reloads_total\{outcome="failed"\} 4\n/);
  writeFileSync(at('tls.key'), second.key);
  look();
  assert.deepEqual(renewed, [second]);
  assert.match(await registry.metrics(), /tributary_tls_reloads_total\{outcome="ok"\} 1\n/);
});

test('the old files coming back after broken ones are no error', (t) => {
  const { at, look, errors } = watched(t, (folder) => write(folder, first));
  writeFileSync(at('tls.crt'), 'x');
  look();
  write(at('.'), first);
  look();
  assert.equal(errors.length, 1);
});

test('the metrics say when the certificate expires', async (t) => {
  const expires = new Date('2027-03-01T00:00:00Z');
  const pair = makeCertificate(['localhost'], expires);
  const { registry } = watched(t, (folder) => write(folder, pair));
  const line = `tributary_tls_certificate_expiry_seconds ${expires.getTime() / 1000}\n`;
  assert.ok((await registry.metrics()).includes(line));
});

test('a server without a whole pair to begin with does not start', (t) => {
  for (const pair of [
    { ...first, key: second.key },
    { ...first, cert: '' },
  ]) {
    assert.throws(() => watched(t, (folder) => write(folder, pair)), { code: 'config_invalid' });
  }
  assert.throws(() => watched(t, () => undefined), { code: 'config_invalid' });
});

test('nothing is looked at after the stop', (t) => {
  const { files, clock } = watched(t, (folder) => write(folder, first));
  files.close();
  assert.equal(clock.pending, 0);
});
