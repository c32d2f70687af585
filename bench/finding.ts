import { type Quartiles, quartiles } from './quartiles.ts';

/** What a figure has to reach. */
type Bar = { readonly atLeast: number } | { readonly below: number };

/** One figure of a section, as it is printed and written to the JSON result. */
export interface Finding extends Quartiles {
  readonly what: string;
  readonly unit: string;
  /** Values of the rounds, in order. */
  readonly values: readonly number[];
  readonly bar?: Bar;
  /** Why the figure must not be used: too noisy, failed requests, an impossible ratio. */
  readonly invalid?: string;
}

export interface FindingOptions {
  readonly bar?: Bar;
  readonly invalid?: string | undefined;
}

/** The widest (q75 − q25) / median a ratio with a bar may have (the protocol's rule). */
const widestSpread = 0.25;

export function finding(
  what: string,
  unit: string,
  values: readonly number[],
  options: FindingOptions = {},
): Finding {
  const figure = quartiles(values);
  const { invalid } = options;
  return {
    what,
    unit,
    values,
    ...figure,
    ...(options.bar && { bar: options.bar }),
    ...(invalid !== undefined && { invalid }),
  };
}

/** Rounds of `above` over rounds of `below`, paired. A ratio above 1 is impossible and voids the figure. */
export function ratioFinding(
  what: string,
  above: readonly number[],
  below: readonly number[],
  options: FindingOptions & { readonly mayExceedOne?: boolean } = {},
): Finding {
  const values = above.map((value, round) => value / (below[round] ?? Number.NaN));
  const impossible =
    options.mayExceedOne !== true && values.some((value) => value > 1)
      ? 'a ratio above 1: the machine changed speed within a round'
      : undefined;
  const { q25, median, q75 } = quartiles(values);
  const spread = (q75 - q25) / median;
  const noisy =
    options.bar !== undefined && values.length > 1 && !(spread <= widestSpread)
      ? `quartiles ${Math.round(spread * 100)} % of the median apart`
      : undefined;
  return finding(what, '', values, { ...options, invalid: options.invalid ?? impossible ?? noisy });
}

export type Verdict = 'PASS' | 'BELOW' | 'INVALID' | '';

export function verdict(found: Finding): Verdict {
  if (found.invalid !== undefined) return 'INVALID';
  if (found.bar === undefined) return '';
  const reached =
    'atLeast' in found.bar ? found.median >= found.bar.atLeast : found.median < found.bar.below;
  return reached ? 'PASS' : 'BELOW';
}

/** One line for the terminal: what, median, quartiles, bar, verdict. */
export function findingLine(found: Finding): string {
  const { what, unit, median, q25, q75, bar, invalid, values } = found;
  const range = values.length > 1 ? ` [${digits(q25)}–${digits(q75)}]` : '';
  const goal =
    bar === undefined ? '' : 'atLeast' in bar ? `bar ≥ ${bar.atLeast}` : `bar < ${bar.below}`;
  const figure = `${digits(median)}${range} ${unit}`.trim();
  return `  ${what.padEnd(58)} ${figure.padEnd(34)} ${goal.padEnd(11)} ${verdict(found)} ${invalid ?? ''}`.trimEnd();
}

function digits(value: number): string {
  if (Math.abs(value) >= 1_000) return String(Math.round(value));
  return value.toFixed(Math.abs(value) >= 20 ? 1 : Math.abs(value) >= 1 ? 2 : 3);
}
