import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TributaryError } from '../../core/errors.ts';
import { silentLogger } from '../../core/logger.ts';
import { createSecretBox } from '../../core/secret-box.ts';
import type { Snapshot, SourceConfig } from '../../core/snapshot.ts';
import { SourceShapers } from './source-shapers.ts';

const box = createSecretBox('the secret key of the tests, long enough');

function source(id: string, key?: string): SourceConfig {
  const hash = { algorithm: 'SHA256', paths: ['email'], ...(key !== undefined && { key }) };
  const work = { hashPropertiesConfiguration: hash };
  return {
    ...{ id, slug: id, name: id, enabled: true, writeKeys: [], limits: {} },
    transformations: [{ id: 't', if: 'all', work }],
  };
}

const snapshot = (...sources: SourceConfig[]): Snapshot => ({
  ...{ version: 1, workspace: { id: 'w', slug: 'w', name: 'w' } },
  ...{ sources, connections: [], replays: [] },
});
const event = { type: 'identify', traits: { email: 'a@b.c' } };

test('shapers are made once for a snapshot, with the keys of their hashes opened', async () => {
  const holder = {
    current: snapshot(source('s', box.seal('key', 't'))),
    subscribe: () => () => undefined,
  };
  const shapers = new SourceShapers(holder, silentLogger, () => box);
  await shapers.refresh();
  const first = shapers.of('s');
  assert.equal(shapers.refresh(), undefined);
  assert.equal(shapers.of('s'), first);
  assert.equal(first?.shape(event, 'identify', false).kind, 'event');
  holder.current = snapshot();
  await shapers.refresh();
  assert.equal(shapers.of('s'), undefined);
});

test('where keys cannot be opened, what is hashed with them goes no further, and other sources go on', async () => {
  const current = snapshot(source('keyed', box.seal('key', 't')), source('plain'));
  const errors: string[] = [];
  const logger = { ...silentLogger, error: (_: object, message: string) => errors.push(message) };
  const shapers = new SourceShapers({ current, subscribe: () => () => undefined }, logger, () => {
    throw new TributaryError('config_invalid', 'no key here');
  });
  await shapers.refresh();
  const shaped = shapers.of('keyed')?.shape(event, 'identify', false);
  assert.deepEqual(shaped, {
    kind: 'blocked',
    code: 'source_transformation_failed',
    violations: [],
  });
  assert.equal(shapers.of('plain')?.shape(event, 'identify', false).kind, 'event');
  assert.deepEqual(errors, ['keys of transformations cannot be opened here']);
});
