import { Client, type ClientConfig } from 'pg';
import type { JsonObject } from '../../../core/json.ts';
import { limits } from '../../../core/limits.ts';
import type { Warehouse } from '../../../core/warehouse-engine.ts';
import { ownStatements } from '../sql/own-tables.ts';
import { postgresFailure, wordsOf } from './postgres-failure.ts';
import { PostgresWarehouse } from './postgres-warehouse.ts';

/** Connects, by TLS where the server has it, whoever its certificate names: what libpq calls `prefer`. */
export async function openPostgresWarehouse(settings: JsonObject): Promise<Warehouse> {
  const text = (name: string) => String(settings[name] ?? '');
  const config: ClientConfig = {
    host: text('host'),
    port: Number(text('port')),
    database: text('database'),
    user: text('username'),
    password: text('password'),
    connectionTimeoutMillis: limits.warehouseTestMs,
    keepAlive: true,
    application_name: 'tributary',
  };
  const connect = async () => {
    try {
      return await connected({ ...config, ssl: { rejectUnauthorized: false } });
    } catch (error) {
      if (!/does not support SSL/i.test(wordsOf(error))) throw postgresFailure(error);
    }
    try {
      return await connected({ ...config, ssl: false });
    } catch (error) {
      throw postgresFailure(error);
    }
  };
  const client = await connect();
  try {
    for (const statement of ownStatements) await client.query(statement);
  } catch (error) {
    await client.end();
    throw postgresFailure(error);
  }
  return new PostgresWarehouse(client, connect);
}

async function connected(config: ClientConfig): Promise<Client> {
  const client = new Client(config);
  // A connection that breaks says so to the statement under way too.
  client.on('error', () => undefined);
  await client.connect();
  // Schemas that are there are no news; moments are compared and shown in UTC.
  await client.query("set client_min_messages = warning; set timezone = 'UTC'");
  return client;
}
