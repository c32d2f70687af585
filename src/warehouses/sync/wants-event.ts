import { isJsonObject, type Json } from '../../core/json.ts';

/** Whether `integrations` of an event lets it into a warehouse: `All: false` does not keep it out (spec tracking-api §7.6). */
export function wantsEvent(integrations: Json | undefined, warehouse: string): boolean {
  const told = isJsonObject(integrations) ? integrations['Warehouses'] : undefined;
  if (typeof told === 'boolean') return told;
  if (!isJsonObject(told)) return true;
  const { all, warehouseIds } = told;
  if (Array.isArray(warehouseIds)) return warehouseIds.includes(warehouse);
  return all !== false;
}
