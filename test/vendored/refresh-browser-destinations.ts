/**
 * Makes `vendor/browser-destinations` anew from the npm package: `bin/run --dev
 * test/vendored/refresh-browser-destinations.ts`. Why the files are kept here rather than installed, stands in
 * docs/decisions/device-mode.md.
 *
 * Written are, of each bundle of the package's `manifest-latest.json` and of each chunk they load, the gzipped file as
 * the package has it; `files.json`, their length and SHA-384 after inflation; and `catalog.json`, what the package's
 * definitions say of settings, actions and presets.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { isJsonObject, type Json, type JsonObject } from '../../src/core/json.ts';
import { repository } from '../rig/repository.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const name = '@segment/browser-destinations';
const version = '3.98.0';
const sum =
  'sha512-B3ZwhY4KqO6jrGOL5j8BD+8rRYsddABh+hzVd1LH6VnHfa1FVpM6wWrwzX9ycsQC/fUbQ56ecZwVmIQ1WZH4IQ==';
const target = join(repository, 'vendor', 'browser-destinations');

const folder = await tempFolder('browser-destinations');
writeFileSync(join(folder.path, 'package.json'), '{"private":true}');
const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
execFileSync('npm', ['install', ...flags, `${name}@${version}`], { cwd: folder.path });
const lock: Json = JSON.parse(readFileSync(join(folder.path, 'package-lock.json'), 'utf8'));
assert.equal(valueAt(lock, 'packages', `node_modules/${name}`, 'integrity'), sum);

const web = join(folder.path, 'node_modules', name, 'dist', 'web');
const bundles: Json = JSON.parse(readFileSync(join(web, 'manifest-latest.json'), 'utf8'));
assert(isJsonObject(bundles));
rmSync(target, { recursive: true, force: true });
const files: [string, JsonObject][] = [];
const scripts = new Map<string, string>();
// The others are the same bundles again, in folders whose names say nothing.
const chunks = readdirSync(web).filter((entry) => /^\d+$/.test(entry));
for (const entry of [...Object.keys(bundles), ...chunks]) {
  const [file, ...more] = readdirSync(join(web, entry)).filter((path) => path.endsWith('.js.gz'));
  assert(file !== undefined && more.length === 0, `${entry} is one file`);
  mkdirSync(join(target, entry), { recursive: true });
  cpSync(join(web, entry, file), join(target, entry, file));
  const plain = gunzipSync(readFileSync(join(web, entry, file)));
  const integrity = `sha384-${createHash('sha384').update(plain).digest('base64')}`;
  scripts.set(entry, plain.toString());
  files.push([`${entry}/${file.slice(0, -3)}`, { bytes: plain.length, integrity }]);
}
write('files.json', Object.fromEntries(files));

// What a browser has and the definitions look for while they are read.
Object.assign(globalThis, { window: globalThis, document: {} });
const { manifest }: { manifest: Record<string, { directory: string; definition: JsonObject }> } =
  createRequire(join(folder.path, 'package.json'))(name);
const kinds = Object.entries(manifest).map(([id, { directory, definition }]) => {
  const { name, slug, description, settings, presets, actions } = definition;
  // Two have no slug: they are the browser's part of destinations that otherwise run on the server.
  const companion = `actions-${directory.replace(/-plugins$/, '')}`;
  const bundle = `${directory}/${bundles[directory]}`;
  const chunks = files
    .map(([path]) => path)
    .filter((path) => /^\d+\//.test(path))
    .filter((path) => scripts.get(directory)?.includes(path.replace(/^\d+/, '')));
  const own = { id, slug: slug ?? companion, name, description, bundle, chunks };
  return { ...own, settings, presets, actions };
});
write('catalog.json', JSON.parse(JSON.stringify(kinds)));
cpSync(join(folder.path, 'node_modules', name, 'README.md'), join(target, 'README.md'));
await folder.remove();

function write(file: string, value: Json): void {
  writeFileSync(join(target, file), `${JSON.stringify(value, null, 1)}\n`);
}

function valueAt(value: Json | undefined, ...keys: readonly string[]): Json | undefined {
  return keys.reduce<Json | undefined>(
    (inner, key) => (isJsonObject(inner) ? inner[key] : undefined),
    value,
  );
}
