export { type Random, random } from '../../src/core/testing/random.ts';

/** The seed given in `variable`, else one of the clock; the caller prints it. */
export function seedFrom(variable: string): number {
  const given = Number(process.env[variable]);
  return Number.isSafeInteger(given) && given > 0 ? given : Date.now() % 2 ** 31;
}
