import { rowLine } from '../../core/row-line.ts';
import type { CellValue, LineFormat } from '../../core/warehouse-engine.ts';

/** Of the first rows; it doubles. */
const firstBytes = 16 * 1024;
/** A table that gets no rows has no memory. */
const none = Buffer.alloc(0);
/** Of UTF-8, for a unit of UTF-16. */
const mostBytes = 3;

/**
 * The rows of a table as lines, written as they come, so that nothing else of an event is held until its unit is loaded. Columns
 * that come later are added to the lines that lack them in the end.
 */
export class LineRows {
  readonly #format: LineFormat;
  #bytes = none;
  /** Where each line ends. */
  #ends: number[] = [];
  /** Lines from `from` on have this many values. */
  #widths: { readonly from: number; readonly width: number }[] = [];

  constructor(format: LineFormat) {
    this.#format = format;
  }

  add(row: readonly CellValue[], width: number): void {
    if (this.#widths.at(-1)?.width !== width) {
      this.#widths.push({ from: this.#ends.length, width });
    }
    const line = rowLine(row, width, this.#format);
    const at = this.#ends.at(-1) ?? 0;
    this.#grow(at + mostBytes * line.length);
    this.#ends.push(at + this.#bytes.write(line, at));
  }

  /** All lines so far, with as many values as the last; it begins anew. */
  take(width: number): Buffer[] {
    const parts: Buffer[] = [];
    for (const [index, { from, width: own }] of this.#widths.entries()) {
      const until = this.#widths[index + 1]?.from ?? this.#ends.length;
      if (own === width) parts.push(this.#bytes.subarray(this.#endOf(from), this.#endOf(until)));
      else parts.push(this.#padded(from, until, width - own));
    }
    this.#bytes = none;
    this.#ends = [];
    this.#widths = [];
    return parts;
  }

  #padded(from: number, until: number, missing: number): Buffer {
    const { delimiter, empty } = this.#format;
    const rest = Buffer.from(`${`${delimiter}${empty}`.repeat(missing)}\n`);
    const lines: Buffer[] = [];
    for (let line = from; line < until; line++) {
      lines.push(this.#bytes.subarray(this.#endOf(line), this.#endOf(line + 1) - 1), rest);
    }
    return Buffer.concat(lines);
  }

  /** Where the line before a number ends. */
  #endOf(line: number): number {
    return this.#ends[line - 1] ?? 0;
  }

  #grow(needed: number): void {
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(firstBytes, needed, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#ends.at(-1) ?? 0);
    this.#bytes = larger;
  }
}
