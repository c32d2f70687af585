import type { JsonObject } from '../../../core/json.ts';
import type { Warehouse } from '../../../core/warehouse-engine.ts';
import { ownStatements } from '../sql/own-tables.ts';
import { postgresConnector } from './connect-postgres.ts';
import { postgresFailure } from './postgres-failure.ts';
import { PostgresWarehouse } from './postgres-warehouse.ts';

export async function openPostgresWarehouse(settings: JsonObject): Promise<Warehouse> {
  const connect = postgresConnector(settings);
  const client = await connect();
  try {
    // Schemas that are there are no news.
    await client.query('set client_min_messages = warning');
    for (const statement of ownStatements) await client.query(statement);
  } catch (error) {
    await client.end();
    throw postgresFailure(error);
  }
  return new PostgresWarehouse(client, connect);
}
