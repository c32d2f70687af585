import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { QueryPage } from '../../core/warehouse-engine.ts';
import { exportRows } from './export-rows.ts';

test('rows become lines of JSON: moments as ISO 8601, JSON and exact decimals as what they are', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-export-'));
  const types = {
    ...{ id: 'BIGINT', at: 'TIMESTAMP', zoned: 'timestamp with time zone', note: 'text' },
    ...{ price: 'numeric', rate: 'DECIMAL(40,3)', tags: 'jsonb', list: 'VARCHAR[]', none: 'text' },
  };
  const columns = Object.entries(types).map(([name, type]) => ({ name, type }));
  async function* pages(): AsyncGenerator<QueryPage> {
    yield { columns, rows: [] };
    yield {
      columns,
      rows: [
        [
          ...[1, '2026-11-20 10:00:00', '2026-11-20 12:00:00.123456+02', '2026-11-20', '12.50'],
          ...['12345678901234567890.123', '{"a":[1]}', '["x"]', null],
        ],
      ],
    };
    yield { columns, rows: [[2]] };
  }
  const file = join(folder, 'rows');
  assert.equal(await exportRows(pages(), { file, mostBytes: 10_000 }), 2);
  const [first, second] = (await readFile(file, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(first, {
    ...{ id: 1, at: '2026-11-20T10:00:00.000Z', zoned: '2026-11-20T10:00:00.123Z' },
    ...{ note: '2026-11-20', price: 12.5, rate: '12345678901234567890.123' },
    ...{ tags: { a: [1] }, list: ['x'], none: null },
  });
  assert.equal(second.id, 2);
  const small = exportRows(pages(), { file: join(folder, 'small'), mostBytes: -1 });
  await assert.rejects(small, { code: 'warehouse_failed' });
  await rm(folder, { recursive: true });
});
