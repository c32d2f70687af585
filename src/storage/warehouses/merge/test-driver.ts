import { TributaryError } from '../../../core/errors.ts';
import type { WarehouseTestResult } from '../../../core/warehouse.ts';
import type { SqlDriver } from './sql-driver.ts';

/** Whether a driver can be opened, and runs a statement. */
export async function testDriver(
  open: () => SqlDriver | Promise<SqlDriver>,
): Promise<WarehouseTestResult> {
  try {
    const driver = await open();
    try {
      await driver.run('select 1');
    } finally {
      await driver.close();
    }
    return { ok: true };
  } catch (error) {
    if (!(error instanceof TributaryError)) throw error;
    return { ok: false, message: error.message };
  }
}
