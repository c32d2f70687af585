import { systemClock } from '../../core/clock.ts';
import type { WarehouseEngine } from '../../core/warehouse-engine.ts';
import { bigqueryEngine } from './bigquery/bigquery-engine.ts';
import { clickhouseEngine } from './clickhouse/clickhouse-engine.ts';
import { databricks } from './databricks/databricks-engine.ts';
import { duckdbEngine } from './duckdb/duckdb-engine.ts';
import { parquetEngine } from './parquet/parquet-engine.ts';
import { postgresEngine } from './postgres/postgres-engine.ts';
import { redshiftEngine } from './redshift/redshift-engine.ts';
import { snowflake } from './snowflake/snowflake-engine.ts';

/** The warehouses that are loaded; their drivers are not loaded by this. */
const warehouseEngines: readonly WarehouseEngine[] = [
  duckdbEngine,
  postgresEngine,
  clickhouseEngine,
  parquetEngine(systemClock),
  bigqueryEngine(),
  snowflake,
  redshiftEngine,
  databricks,
];

export function warehouseEngine(slug: string): WarehouseEngine | undefined {
  return warehouseEngines.find((engine) => engine.slug === slug);
}
