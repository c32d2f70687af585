import { access, constants, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { WarehouseTestResult } from '../../core/warehouse.ts';

/** Where the magic of a DuckDB file stands. */
const magic = { at: 8, text: 'DUCK' };

/** Whether a DuckDB file can be written here, or made. Makes and changes nothing. */
export async function testDuckdbFile(path: string): Promise<WarehouseTestResult> {
  const kind = await kindOf(path);
  if (kind === 'nothing') return testFolder(dirname(path));
  if (kind === 'folder') return { ok: false, message: `${path} is a folder` };
  const refusal = await refusalOf(path);
  if (refusal !== undefined) return refusal;
  if (await isDuckdb(path)) return { ok: true };
  return { ok: false, message: `${path} is not a file of DuckDB` };
}

/** Whether files can be made in a folder, which may not be there yet. */
async function testFolder(path: string): Promise<WarehouseTestResult> {
  const kind = await kindOf(path);
  if (kind === 'file') return { ok: false, message: `${path} is not a folder` };
  if (kind === 'folder') return (await refusalOf(path)) ?? { ok: true };
  const parent = dirname(path);
  return parent === path ? { ok: false, message: `${path} is not there` } : testFolder(parent);
}

async function kindOf(path: string): Promise<'nothing' | 'file' | 'folder'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch {
    // Not there, or out of reach: then the folder above it tells.
    return 'nothing';
  }
}

async function refusalOf(path: string): Promise<WarehouseTestResult | undefined> {
  try {
    await access(path, constants.R_OK | constants.W_OK);
    return undefined;
  } catch {
    // Whatever the reason, it comes down to this.
    return { ok: false, message: `${path} cannot be written by the user that runs the server` };
  }
}

/** An empty file is taken: DuckDB makes it its own. */
async function isDuckdb(path: string): Promise<boolean> {
  await using file = await open(path, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(magic.text.length), {
    position: magic.at,
  });
  if (bytesRead === 0) return (await file.stat()).size === 0;
  return buffer.toString('latin1', 0, bytesRead) === magic.text;
}
