import type { CellValue, LineFormat } from './warehouse-engine.ts';

/** A row as a line, with `width` values: what the row lacks at its end is null. */
export function rowLine(
  row: readonly CellValue[],
  width: number,
  { delimiter, empty, text }: LineFormat,
): string {
  let line = '';
  for (let at = 0; at < width; at++) {
    if (at > 0) line += delimiter;
    const value = row[at] ?? null;
    if (value === null) line += empty;
    else if (typeof value === 'string') line += text(value);
    else line += value;
  }
  return `${line}\n`;
}
