import type { JsonObject } from '../../core/json.ts';
import type { WarehouseKind, WarehouseTestResult } from '../../core/warehouse.ts';
import type { Environment } from '../environment.ts';

/** Whether a warehouse can be reached with these settings, opened and with their defaults; else why not. */
export async function testWarehouseSettings(
  { testWarehouse }: Environment,
  kind: WarehouseKind,
  settings: JsonObject,
): Promise<WarehouseTestResult> {
  const missing = kind.options
    .filter(({ name, required }) => required && (settings[name] ?? '') === '')
    .map(({ name }) => name);
  if (missing.length > 0) {
    return { ok: false, message: `Not set yet: ${missing.join(', ')}` };
  }
  if (testWarehouse === undefined) {
    return { ok: false, message: `This server has no code to reach ${kind.name}` };
  }
  return testWarehouse(kind.slug, settings);
}
