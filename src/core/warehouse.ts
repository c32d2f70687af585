import type { SettingOption } from './destination.ts';
import type { JsonObject } from './json.ts';

/** What the catalogue says of a kind of warehouse. Plain data. */
export interface WarehouseKind {
  /** The `metadataId` of the Public API: 10 letters and digits. */
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly options: readonly SettingOption[];
}

/** What came of trying to reach a warehouse; `message` is for its owner. */
export type WarehouseTestResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly message: string };

/**
 * Tries to reach a warehouse with opened settings, defaults filled in. Never rejects for what the far end
 * did, and ends by itself within `limits.warehouseTestMs`.
 */
export type WarehouseTest = (slug: string, settings: JsonObject) => Promise<WarehouseTestResult>;
