import { Client, type ClientConfig } from 'pg';
import type { JsonObject } from '../../../core/json.ts';
import { limits } from '../../../core/limits.ts';
import { postgresFailure, wordsOf } from './postgres-failure.ts';

/**
 * Connects to what speaks PostgreSQL's protocol, by TLS where the server has it, whoever its certificate names: what libpq
 * calls `prefer`. Moments are compared and shown in UTC.
 */
export function postgresConnector(settings: JsonObject): () => Promise<Client> {
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
  return async () => {
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
}

async function connected(config: ClientConfig): Promise<Client> {
  const client = new Client(config);
  // A connection that breaks says so to the statement under way too.
  client.on('error', () => undefined);
  await client.connect();
  await client.query("set timezone = 'UTC'");
  await client.query(`set statement_timeout to ${limits.warehouseStatementMs}`);
  return client;
}
