import { resolve } from 'node:path';
import type { JsonObject } from '../../core/json.ts';
import type { WarehouseTest, WarehouseTestResult } from '../../core/warehouse.ts';
import { testDuckdbFile, testFolder } from './test-files.ts';

/**
 * Tests the settings of the kinds that this server can reach: files below `dataFolder` or anywhere, and what
 * speaks PostgreSQL's protocol, whose driver is loaded with the first of them. Of the others it says that it cannot.
 */
export function createWarehouseTest(dataFolder: string): WarehouseTest {
  return async (slug, settings) => {
    const path = textOf(settings, 'path');
    switch (slug) {
      case 'duckdb':
        return testDuckdbFile(resolve(dataFolder, path));
      case 's3-parquet':
        return path === '' ? unable('a bucket') : testFolder(resolve(dataFolder, path));
      case 'postgres':
      case 'redshift': {
        const { testPostgres } = await import('./test-postgres.ts');
        return testPostgres({
          host: textOf(settings, 'host'),
          port: Number(textOf(settings, 'port')),
          database: textOf(settings, 'database'),
          user: textOf(settings, 'username'),
          password: textOf(settings, 'password'),
        });
      }
      default:
        return unable(slug);
    }
  };
}

function unable(what: string): WarehouseTestResult {
  return { ok: false, message: `This server has no code to reach ${what}` };
}

function textOf(settings: JsonObject, name: string): string {
  const value = settings[name];
  return typeof value === 'string' ? value : '';
}
