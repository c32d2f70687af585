/**
 * JSON as text in the shape of a tree: unlike a value it can hold a key twice, a number as it is
 * written, an escape where none is needed, and what is no JSON at all.
 */
export type Tree = ObjectTree | ArrayTree | RawTree;

export interface ObjectTree {
  readonly kind: 'object';
  /** Keys are JSON texts with their quotes. */
  readonly entries: [key: string, value: Tree][];
}

export interface ArrayTree {
  readonly kind: 'array';
  readonly items: Tree[];
}

export interface RawTree {
  readonly kind: 'raw';
  readonly text: string;
}

/** A place in a tree that holds a value. */
export interface Slot {
  /** The key it stands under, as a JSON text; undefined in an array. */
  readonly key: string | undefined;
  readonly parent: ObjectTree | ArrayTree;
  readonly index: number;
}

export const raw = (text: string): RawTree => ({ kind: 'raw', text });

export function treeOf(value: unknown): Tree {
  if (Array.isArray(value)) return { kind: 'array', items: value.map(treeOf) };
  if (typeof value !== 'object' || value === null) return raw(JSON.stringify(value) ?? 'null');
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return {
    kind: 'object',
    entries: entries.map(([key, one]) => [JSON.stringify(key), treeOf(one)]),
  };
}

/** Recurses as deep as the tree, which is never deep: depth stands in raw texts. */
export function textOf(tree: Tree): string {
  if (tree.kind === 'raw') return tree.text;
  if (tree.kind === 'array') return `[${tree.items.map(textOf).join(',')}]`;
  return `{${tree.entries.map(([key, value]) => `${key}:${textOf(value)}`).join(',')}}`;
}

export function copyOf(tree: Tree): Tree {
  if (tree.kind === 'raw') return tree;
  if (tree.kind === 'array') return { kind: 'array', items: tree.items.map(copyOf) };
  return { kind: 'object', entries: tree.entries.map(([key, value]) => [key, copyOf(value)]) };
}

/** Every place below `tree`, outer ones first, but none under the key `except`. */
export function slotsOf(tree: Tree, except: string): Slot[] {
  if (tree.kind === 'raw') return [];
  const own: Slot[] =
    tree.kind === 'array'
      ? tree.items.map((_, index) => ({ key: undefined, parent: tree, index }))
      : tree.entries.flatMap(([key], index) =>
          key === except ? [] : [{ key, parent: tree, index }],
        );
  return own.flatMap((slot) => [slot, ...slotsOf(valueIn(slot), except)]);
}

export function valueIn({ parent, index }: Slot): Tree {
  const value = parent.kind === 'array' ? parent.items[index] : parent.entries[index]?.[1];
  return value ?? raw('null');
}

export function put({ parent, index }: Slot, value: Tree): void {
  if (parent.kind === 'array') parent.items[index] = value;
  else {
    const entry = parent.entries[index];
    if (entry !== undefined) entry[1] = value;
  }
}

export function remove({ parent, index }: Slot): void {
  if (parent.kind === 'array') parent.items.splice(index, 1);
  else parent.entries.splice(index, 1);
}
