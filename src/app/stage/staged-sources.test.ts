import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SourceConfig } from '../../core/snapshot.ts';
import { freshStores } from '../../storage/testing/fresh-stores.ts';
import { stagedSources } from './staged-sources.ts';

function source(id: string, more: Partial<SourceConfig> = {}): SourceConfig {
  return { id, slug: id, name: id, enabled: true, writeKeys: [], limits: {}, ...more };
}

test('events of a source whose insert function was taken away are waited for like those of one that has one', async (t) => {
  const store = await freshStores().openWork();
  t.after(() => store.close());
  const cursor = (lane: string, partition: number) => ({
    ...{ lane, partition, position: 5, stamp_input: 0, stamp_item: -1, open_ms: 0, updated_at: 0 },
  });
  await store.db
    .insertInto('cursor')
    .values([
      cursor('insert.had/events', -2),
      cursor('insert.deleted/events', -1),
      cursor('insert.other/events', 0),
      cursor('fn.requests/requests', -1),
    ])
    .execute();
  const version = { id: 'v', kind: 'insert', code: '' } as const;
  const insert = { id: 'i', version, secrets: [], settings: {} };
  const sources = [
    source('has', { insert }),
    ...['had', 'other', 'requests'].map((id) => source(id)),
  ];
  assert.deepEqual(await stagedSources(store, sources), ['has', 'had']);
});
