import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { TributaryError } from '../../core/errors.ts';
import { makeCountryTable } from '../../process/policy/make-country-table.ts';
import { replaceFile } from '../node/replace-file.ts';

/** `tributary country-table`: makes the file that TRIBUTARY_COUNTRY_TABLE names from lists of ranges. */
export function makeCountryTableFile(output: string, lists: readonly string[]): void {
  const table = makeCountryTable(lists.flatMap((path) => readText(path).split(/\r?\n/)));
  replaceFile(output, table);
  process.stdout.write(`${output}: ${table.length} bytes\n`);
}

function readText(path: string): string {
  try {
    const bytes = readFileSync(path);
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return (isGzip ? gunzipSync(bytes) : bytes).toString();
  } catch (cause) {
    throw new TributaryError('not_found', `The file ${path} cannot be read`, { cause });
  }
}
