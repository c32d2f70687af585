import type { JsonObject } from './json.ts';
import type { WarehouseConfig } from './snapshot.ts';

/**
 * Runs one query in a warehouse whose settings are opened, and gives its rows in pages, in the warehouse's order. Nothing of it
 * can write, as far as the engine lets us say so; ends with the signal. Memory is that of a page, whatever the result is.
 * Values are JSON: times as ISO 8601 in UTC, whole numbers beyond 2^53 and exact decimals that are no double as texts, bytes as base64.
 *
 * Rejects with `warehouse_failed`: its message is for the owner of the warehouse.
 */
export type WarehouseQuery = (
  warehouse: WarehouseConfig,
  sql: string,
  options: { readonly pageRows: number; readonly signal: AbortSignal },
) => AsyncIterable<readonly JsonObject[]>;
