import assert from 'node:assert/strict';
import { it } from 'node:test';
import { silentLogger } from '../../core/logger.ts';
import { createSecretBox } from '../../core/secret-box.ts';
import type { Snapshot, SnapshotHolder } from '../../core/snapshot.ts';
import { openedSnapshot } from './opened-snapshot.ts';

const box = createSecretBox('the key of this node, long enough');
const other = createSecretBox('the key of another node, as long');

function snapshot(version: number, secret: string): Snapshot {
  const connection = {
    ...{ id: 'd1', sourceId: 's1', slug: 'x', integration: 'X', enabled: true, since: 0 },
    settings: { secret, region: 'eu' },
  };
  const workspace = { id: 'w', slug: 'default', name: 'default' };
  return { version, workspace, sources: [], connections: [connection], replays: [] };
}

function holderOf(first: Snapshot): SnapshotHolder & { swap(next: Snapshot): void } {
  const listeners = new Set<(snapshot: Snapshot) => void>();
  let current = first;
  return {
    get current() {
      return current;
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    swap: (next) => {
      current = next;
      for (const listener of listeners) listener(next);
    },
  };
}

it('deliver sees the settings of connections opened, also of snapshots that come later', () => {
  const holder = holderOf(snapshot(1, box.seal('one', 'd1')));
  const opened = openedSnapshot(holder, box, silentLogger);
  const heard: unknown[] = [];
  opened.subscribe(({ connections }) => heard.push(connections[0]?.settings));
  assert.deepEqual(opened.current.connections[0]?.settings, { secret: 'one', region: 'eu' });
  assert.equal(opened.current, opened.current);
  holder.swap(snapshot(2, box.seal('two', 'd1')));
  assert.deepEqual(heard, [{ secret: 'two', region: 'eu' }]);
  assert.equal(opened.current.version, 2);
});

it('a node with another key does not start to deliver; a later foreign secret is missing, the rest goes on', () => {
  const holder = holderOf(snapshot(1, other.seal('one', 'd1')));
  assert.throws(() => openedSnapshot(holder, box, silentLogger), {
    code: 'config_invalid',
    message: /TRIBUTARY_SECRET_KEY/,
  });
  const errors: unknown[] = [];
  const logger = { ...silentLogger, error: (fields: unknown) => errors.push(fields) };
  holder.swap(snapshot(2, box.seal('two', 'd1')));
  const opened = openedSnapshot(holder, box, logger);
  holder.swap(snapshot(3, other.seal('three', 'd1')));
  opened.subscribe(() => undefined);
  holder.swap(snapshot(4, other.seal('four', 'd1')));
  assert.deepEqual(opened.current.connections[0]?.settings, { region: 'eu' });
  assert.deepEqual(errors, [{ connection: 'd1' }]);
});

it('the settings of warehouses are opened too, and a foreign one stops the start', () => {
  const warehouse = (secret: string): Snapshot => ({
    ...snapshot(1, box.seal('one', 'd1')),
    warehouses: [
      { ...{ id: 'w1', slug: 'postgres', enabled: true }, settings: { secret }, sources: [] },
    ],
  });
  const opened = openedSnapshot(holderOf(warehouse(box.seal('x', 'w1'))), box, silentLogger);
  assert.deepEqual(opened.current.warehouses?.[0]?.settings, { secret: 'x' });
  const foreign = holderOf(warehouse(other.seal('x', 'w1')));
  assert.throws(() => openedSnapshot(foreign, box, silentLogger), { code: 'config_invalid' });
});

it('the settings of an insert function are opened with the key of their instance, whatever their type', () => {
  const { connections, ...rest } = snapshot(1, 'plain');
  const version = { id: 'v', kind: 'insert', code: '' } as const;
  const settings = { list: box.seal('["a"]', 'instance'), open: true };
  const insert = { id: 'instance', version, secrets: ['list'], settings };
  const holder = holderOf({ ...rest, connections: connections.map((one) => ({ ...one, insert })) });
  const [opened] = openedSnapshot(holder, box, silentLogger).current.connections;
  assert.deepEqual(opened?.insert?.settings, { list: ['a'], open: true });
});
