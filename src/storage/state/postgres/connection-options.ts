import { type ClientConfig, types } from 'pg';
import type { ConnectionSettings } from './connection-settings.ts';

/** Time-outs of a connection, milliseconds. */
export interface ConnectionTimes {
  /** The client gives up connecting, or waiting for a connection that is free. */
  readonly connectMs: number;
  /** The server gives up a statement. */
  readonly statementMs: number;
  /** The server gives up waiting for a lock. */
  readonly lockMs: number;
  /**
   * The server ends a transaction that its client leaves idle: a node that was stopped in the middle
   * of one must not hold up the others.
   */
  readonly idleTransactionMs: number;
  /** The client gives up waiting for an answer: longer than the server's own, and the network is gone then. */
  readonly answerMs: number;
}

export const queryTimes: ConnectionTimes = {
  connectMs: 5_000,
  statementMs: 15_000,
  lockMs: 10_000,
  idleTransactionMs: 10_000,
  answerMs: 20_000,
};

/** Of a migration: it may have to wait until another node has finished the same, not until one that was stopped goes on. */
export const migrationTimes: ConnectionTimes = {
  connectMs: 5_000,
  statementMs: 600_000,
  lockMs: 600_000,
  idleTransactionMs: 60_000,
  answerMs: 610_000,
};

/** Short, so that a lease is renewed over another connection before its time is over. */
export const leaseTimes: ConnectionTimes = {
  connectMs: 2_000,
  statementMs: 2_000,
  lockMs: 2_000,
  idleTransactionMs: 2_000,
  answerMs: 2_500,
};

/** Object identifiers of the types that SQLite gives as numbers: int8, and numeric, which is what `sum` gives. */
const numberTypes = [20, 1700];

/** What `pg` is told; nothing of it comes from PG* variables but the password that the URL lacks. */
export function connectionOptions(
  settings: ConnectionSettings,
  schema: string,
  times: ConnectionTimes,
): ClientConfig {
  const { host, port, user, password, database, ssl } = settings;
  return {
    host,
    port,
    user,
    ...(password !== undefined && { password }),
    database,
    ssl: ssl === false ? false : { ...ssl },
    application_name: `tributary ${schema}`,
    options: `-c search_path=${schema}`,
    client_encoding: 'UTF8',
    connectionTimeoutMillis: times.connectMs,
    statement_timeout: times.statementMs,
    lock_timeout: times.lockMs,
    idle_in_transaction_session_timeout: times.idleTransactionMs,
    query_timeout: times.answerMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: { getTypeParser: parserOf },
  };
}

const parserOf: typeof types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  numberTypes.includes(oid) ? Number : types.getTypeParser(oid, format ?? 'text');
