/** compose.yaml and the Dockerfile, as their own parsers see them. There is no engine here: nothing is built or started by one. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isJsonObject, type JsonObject } from '../../src/core/json.ts';
import { valueAt } from '../rig/api.ts';
import { repository } from '../rig/repository.ts';
import { lacksGo, lint, unknownKeys } from './lint.ts';

const skip = lacksGo;
const read = (path: string) => readFileSync(join(repository, path), 'utf8');
/** A whole version: `latest`, `17` and no tag at all move under one's feet. */
const pinned = /^[\w./-]+:\d+\.\d+(\.\d+)?(-[\w.]+)?$/;

function services(...profiles: readonly string[]): Record<string, JsonObject> {
  const { problems, found } = lint('compose', 'compose.yaml', ...profiles);
  assert.deepEqual(problems, []);
  const all = valueAt(found, 'services');
  assert.ok(isJsonObject(all));
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, one]) => (isJsonObject(one) ? [[name, one]] : [])),
  );
}

test('without a profile it is one node, with its data on a volume', { skip }, () => {
  const found = services();
  assert.deepEqual(Object.keys(found), ['tributary']);
  assert.equal(valueAt(found['tributary'], 'volumes.0.target'), '/data');
});

test('the profile cluster has three nodes on one log and one database, each to be reached from this machine alone', {
  skip,
}, () => {
  const found = services('cluster');
  const nodes = Object.entries(found).filter(([name]) => name.startsWith('node-'));
  assert.equal(nodes.length, 3);
  const first = nodes[0]?.[1]['environment'];
  for (const [, node] of nodes) {
    assert.deepEqual(node['environment'], first);
    assert.match(String(valueAt(node, 'environment.TRIBUTARY_LOG')), /^kafka:\/\/kafka:9092/);
    assert.match(
      String(valueAt(node, 'environment.TRIBUTARY_STATE')),
      /^postgres:.*@postgres:5432/,
    );
  }
  const ports = Object.values(found).flatMap((one) => {
    const list = one['ports'];
    return Array.isArray(list) ? list.filter(isJsonObject) : [];
  });
  assert.deepEqual([...new Set(ports.map(({ host_ip }) => host_ip))], ['127.0.0.1']);
  assert.equal(new Set(ports.map(({ published }) => published)).size, ports.length);
});

test('every node stops gently and has no more rights than it needs; images of others are pinned', {
  skip,
}, () => {
  for (const [name, one] of Object.entries(services('cluster'))) {
    if (valueAt(one, 'build') === undefined) {
      assert.match(String(one['image']), pinned, name);
      continue;
    }
    // limits.stopMs is 8 seconds.
    assert.ok(Number.parseInt(String(one['stop_grace_period']), 10) > 8, name);
    assert.equal(one['read_only'], true, name);
    assert.deepEqual(one['cap_drop'], ['ALL'], name);
  }
});

test('the Dockerfile has no warning, pinned images, and copies only what is there', {
  skip,
}, () => {
  const { problems, found } = lint('dockerfile', 'Dockerfile');
  assert.deepEqual(problems, []);
  assert.ok(Array.isArray(found) && found.length === 2);
  const ignored = read('.dockerignore').split('\n');
  for (const stage of found) {
    assert.match(String(valueAt(stage, 'base')), pinned);
    const steps = valueAt(stage, 'steps');
    assert.ok(Array.isArray(steps));
    for (const path of steps.flatMap((step) => valueAt(step, 'sources'))) {
      assert.ok(existsSync(join(repository, String(path))), String(path));
      assert.ok(ignored.includes(`!${String(path)}`), `${String(path)} is in .dockerignore`);
    }
  }
  const [, last] = found;
  const steps = valueAt(last, 'steps');
  assert.ok(Array.isArray(steps));
  const user = steps.findLast((step) => valueAt(step, 'name') === 'USER');
  assert.equal(valueAt(user, 'text'), 'USER node');
  const node = String(valueAt(last, 'base')).replace(/^node:|-slim$/g, '');
  assert.equal(node, read('.node-version').trim(), 'the Node that is tested');
});

test('both name only keys that the configuration has', () => {
  for (const path of ['compose.yaml', 'Dockerfile']) {
    assert.deepEqual(unknownKeys(read(path)), [], path);
  }
});
