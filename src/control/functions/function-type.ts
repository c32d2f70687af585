/**
 * What a function is put in front of, or takes (spec public-api §6), with the prefix of its ids. The contract lists
 * INSERT_TRANSFORMATION and says nothing of it; at Segment such a function is reused wherever events are to be transformed. Here it is
 * an insert function whose instances may stand at sources and at destinations.
 */
const prefixes = {
  DESTINATION: 'dfnc_',
  INSERT_DESTINATION: 'ifnd_',
  INSERT_SOURCE: 'ifns_',
  INSERT_TRANSFORMATION: 'ifnt_',
  SOURCE: 'sfnc_',
} as const;

export type FunctionType = keyof typeof prefixes;

export const functionTypes = [
  'DESTINATION',
  'INSERT_DESTINATION',
  'INSERT_SOURCE',
  'INSERT_TRANSFORMATION',
  'SOURCE',
] as const satisfies readonly FunctionType[];

export function prefixOf(type: FunctionType): string {
  return prefixes[type];
}

/** The ids that a text may stand for: clients leave out the prefix of insert functions (spec public-api §6). */
export function functionIds(text: string): readonly string[] {
  return [text, ...Object.values(prefixes).map((prefix) => prefix + text)];
}

/** The id without its prefix: the class of its instances. */
export function classOf(functionId: string): string {
  const prefix = Object.values(prefixes).find((known) => functionId.startsWith(known));
  return prefix === undefined ? functionId : functionId.slice(prefix.length);
}
