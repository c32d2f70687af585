import { systemClock } from '../../core/clock.ts';
import type { WarehouseEngine } from '../../core/warehouse-engine.ts';
import { clickhouseEngine } from './clickhouse/clickhouse-engine.ts';
import { duckdbEngine } from './duckdb/duckdb-engine.ts';
import { parquetEngine } from './parquet/parquet-engine.ts';
import { postgresEngine } from './postgres/postgres-engine.ts';

/** The warehouses that are loaded; their drivers are not loaded by this. */
export const warehouseEngines: readonly WarehouseEngine[] = [
  duckdbEngine,
  postgresEngine,
  clickhouseEngine,
  parquetEngine(systemClock),
];

export function warehouseEngine(slug: string): WarehouseEngine | undefined {
  return warehouseEngines.find((engine) => engine.slug === slug);
}
