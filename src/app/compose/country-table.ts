import { readFile } from 'node:fs/promises';
import { TributaryError } from '../../core/errors.ts';
import { CountryTable } from '../../process/policy/country-table.ts';

/** Reads the country table when it is first asked for, once for all partitions. Rejects with `config_invalid`. */
export function countryTable(path: string | undefined): () => Promise<CountryTable> {
  let reading: Promise<CountryTable> | undefined;
  return () => {
    reading ??= readTable(path);
    return reading;
  };
}

async function readTable(path: string | undefined): Promise<CountryTable> {
  if (path === undefined) {
    throw new TributaryError('config_invalid', 'TRIBUTARY_COUNTRY_TABLE names no country table');
  }
  try {
    return new CountryTable(await readFile(path));
  } catch (cause) {
    throw new TributaryError('config_invalid', `The country table ${path} cannot be read`, {
      cause,
    });
  }
}
