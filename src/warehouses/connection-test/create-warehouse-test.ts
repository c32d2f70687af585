import { resolve } from 'node:path';
import type { JsonObject } from '../../core/json.ts';
import type { WarehouseTest } from '../../core/warehouse.ts';
import type { WarehouseEngine } from '../../core/warehouse-engine.ts';
import { testDuckdbFile } from './test-files.ts';

/**
 * Tests the settings of warehouses: as their engine does, or, of DuckDB and PostgreSQL, without it: a file is looked at but not
 * opened, since another process may have it. The driver is loaded with the first test of its kind.
 */
export function createWarehouseTest(
  dataFolder: string,
  engineOf: (slug: string) => WarehouseEngine | undefined,
): WarehouseTest {
  return async (slug, settings) => {
    const engine = engineOf(slug);
    if (engine?.test !== undefined) return engine.test(settings, { dataFolder });
    if (slug === 'duckdb') return testDuckdbFile(resolve(dataFolder, textOf(settings, 'path')));
    if (slug !== 'postgres') {
      return { ok: false, message: `This server has no code to reach ${slug}` };
    }
    const { testPostgres } = await import('./test-postgres.ts');
    return testPostgres({
      host: textOf(settings, 'host'),
      port: Number(textOf(settings, 'port')),
      database: textOf(settings, 'database'),
      user: textOf(settings, 'username'),
      password: textOf(settings, 'password'),
    });
  };
}

function textOf(settings: JsonObject, name: string): string {
  const value = settings[name];
  return typeof value === 'string' ? value : '';
}
