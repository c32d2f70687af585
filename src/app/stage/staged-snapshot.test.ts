import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TributaryError } from '../../core/errors.ts';
import { silentLogger } from '../../core/logger.ts';
import { createSecretBox } from '../../core/secret-box.ts';
import type { Snapshot, SourceConfig } from '../../core/snapshot.ts';
import { StagedSnapshot } from './staged-snapshot.ts';

const box = createSecretBox('the secret key of the tests, long enough');

function source(id: string, more: Partial<SourceConfig> = {}): SourceConfig {
  return { id, slug: id, name: id, enabled: true, writeKeys: [], limits: {}, ...more };
}

const insert = {
  ...{ id: 'instance', secrets: ['key'] },
  version: { id: 'v', kind: 'insert', code: '' },
  settings: { key: box.seal('"opened"', 'instance'), plain: 1 },
} as const;

function holderOf(...sources: readonly SourceConfig[]) {
  const workspace = { id: 'w', slug: 'w', name: 'w' };
  let current: Snapshot = { version: 1, workspace, sources, connections: [], replays: [] };
  return {
    get current() {
      return current;
    },
    subscribe: () => () => undefined,
    set: (...next: readonly SourceConfig[]) => {
      current = { ...current, sources: next };
    },
  };
}

test('events of a source wait from when it first has an insert function, and as long as it is there', () => {
  const holder = holderOf(source('a'), source('b', { insert }), source('c'));
  const staged = new StagedSnapshot(holder, () => box, silentLogger, ['insert.c', 'insert.gone']);
  assert.deepEqual(
    ['a', 'b', 'c', 'gone'].map((id) => staged.takes(id)),
    [false, true, true, false],
  );
  const [own] = staged.current.connections;
  assert.deepEqual(own?.insert?.settings, { key: 'opened', plain: 1 });
  holder.set(source('a'), source('b'));
  assert.deepEqual(
    staged.current.connections.map(({ id, insert: code }) => [id, code]),
    [['insert.b', undefined]],
  );
  assert.equal(staged.takes('b'), true);
});

test('a node without the key runs functions without their secrets, and says so', () => {
  const errors: string[] = [];
  const logger = { ...silentLogger, error: (_: object, message: string) => errors.push(message) };
  const noKey = () => {
    throw new TributaryError('config_invalid', 'This node has no secret key');
  };
  const staged = new StagedSnapshot(holderOf(source('b', { insert })), noKey, logger, []);
  assert.deepEqual(staged.current.connections[0]?.insert?.settings, { plain: 1 });
  assert.deepEqual(errors, ['secrets of a function cannot be opened here']);
});
