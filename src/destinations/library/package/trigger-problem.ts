import { parseTriggerTree, type TriggerNode } from './library-package.ts';

/**
 * What is wrong with a trigger in the library's dialect; undefined when nothing is. Its parser takes more than it understands: what
 * it would silently read as something else is refused here.
 */
export function triggerProblem(text: string): string | undefined {
  const tree = parseTriggerTree(text);
  if (text.trim() === '' || tree.error !== undefined) return 'it cannot be parsed';
  // What stands between double quotes is a value.
  const outside = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
  if (outside.includes("'")) return 'texts stand in double quotes';
  if (/!(?!=)/.test(outside)) return 'there is no negation but !=';
  if (/\bin\s*\[/.test(outside)) return 'there is no "in": use "or"';
  return values(tree).includes('eos') ? 'it ends where a value should stand' : undefined;
}

function values({ value, children = [] }: TriggerNode): unknown[] {
  return [value, ...children.flatMap(values)];
}
