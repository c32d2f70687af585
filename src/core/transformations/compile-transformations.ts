import {
  editAt,
  mappedObject,
  ownValue,
  splitPath,
  valueAt,
  withKey,
  withoutPath,
  withValueAt,
} from '../event-paths.ts';
import { compileCondition, compileFql } from '../fql/compile-fql.ts';
import { noValue } from '../fql/fql-functions.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { limits } from '../limits.ts';
import { valueHash } from './hash-value.ts';
import type { TransformationConfig, TransformationWork } from './transformation-config.ts';

/** `failed`: a condition or an expression has no value on the event. */
export type Transformed = JsonObject | 'dropped' | 'failed';

/** Transformations of one scope, compiled. The given event stays as it is; never throws. */
export type Transform = (event: JsonObject) => Transformed;

type Step = (event: JsonObject, original: JsonObject) => JsonObject | 'failed';

/**
 * Compiles the transformations of a source, or of a destination, once for a snapshot. Undefined when there are none.
 * All conditions are held against the event as it came; those that match work one after the other, in the order in
 * which they were made. What cannot be read fails on every event.
 */
export function compileTransformations(
  configs: readonly TransformationConfig[],
): Transform | undefined {
  if (configs.length === 0) return undefined;
  const all = configs.map(({ if: text, work }) => {
    const compiled = compileCondition(text);
    return {
      matches: compiled.ok ? compiled.run : () => undefined,
      drops: work.drop === true,
      steps: work.drop === true ? [] : stepsOf(work),
    };
  });
  return (event) => {
    let changed = event;
    for (const { matches, drops, steps } of all) {
      const applies = matches(event);
      if (applies === undefined) return 'failed';
      if (!applies) continue;
      if (drops) return 'dropped';
      for (const step of steps) {
        const next = step(changed, event);
        if (next === 'failed') return next;
        changed = next;
      }
    }
    return changed;
  };
}

function stepsOf(work: TransformationWork): readonly Step[] {
  const {
    newEventName: name,
    propertyRenames = [],
    propertyValueTransformations = [],
    fqlDefinedProperties = [],
    allowProperties,
    hashPropertiesConfiguration: hash,
  } = work;
  return [
    ...(name === undefined ? [] : [renameEvent(name)]),
    ...(propertyRenames.length === 0 ? [] : [renameProperties(propertyRenames)]),
    ...propertyValueTransformations.flatMap(({ propertyPaths, propertyValue }) =>
      propertyPaths.map((path) => replace(path, () => propertyValue)),
    ),
    ...fqlDefinedProperties.map(({ fql, propertyName }) => define(propertyName, fql)),
    ...(allowProperties === undefined || allowProperties.length === 0
      ? []
      : [allow(allowProperties)]),
    ...(hash?.paths ?? []).map((path) => {
      const hashed = hash && valueHash(hash);
      return hashed === undefined ? failing : replace(path, hashed);
    }),
  ];
}

const failing: Step = () => 'failed';

function renameEvent(name: string): Step {
  return (event) => (event['type'] === 'track' ? withKey(event, 'event', name) : event);
}

/** All are taken before the first is put, so that two may change places. */
function renameProperties(renames: NonNullable<TransformationWork['propertyRenames']>): Step {
  const pairs = renames.map(({ oldName, newName }) => [pathIn(oldName), pathIn(newName)] as const);
  return (event) => {
    let changed = event;
    const taken: (readonly [to: readonly string[], value: Json])[] = [];
    for (const [from, to] of pairs) {
      const keys = from(event);
      const value = valueAt(event, keys);
      if (value === undefined) continue;
      changed = withoutPath(changed, keys);
      taken.push([to(event), value]);
    }
    for (const [keys, value] of taken) changed = withValueAt(changed, keys, value);
    return changed;
  };
}

/** Where the path leads to a value; what is not there stays so. Lists on the way are passed through. */
function replace(path: string, by: (value: Json) => Json): Step {
  const at = pathIn(path);
  return (event) => {
    const keys = at(event);
    const last = keys.at(-1);
    if (last === undefined) return event;
    const edited = editAt(event, keys.slice(0, -1), (object) => {
      const value = ownValue(object, last);
      return value === undefined ? object : withKey(object, last, by(value));
    });
    return isJsonObject(edited) ? edited : event;
  };
}

/** What is null is not written. */
function define(path: string, fql: string): Step {
  const compiled = compileFql(fql);
  if (!compiled.ok) return failing;
  const at = pathIn(path);
  return (event, original) => {
    const value = compiled.run(original);
    if (value === noValue) return 'failed';
    if (value === null) return event;
    // A list may name a large value again and again.
    if (typeof value === 'object' && JSON.stringify(value).length > limits.definedValueLength) {
      return 'failed';
    }
    return withValueAt(event, at(event), value);
  };
}

interface Tree extends Map<string, Tree | 'all'> {}

/** Of an object that a path leads into, only what paths name; other objects of the event stay as they are. */
function allow(paths: readonly string[]): Step {
  const at = paths.map(pathIn);
  const trees = new Map<string, Tree>();
  const treeFor = (event: JsonObject): Tree => {
    const bag = bagOf(event);
    const known = trees.get(bag);
    if (known !== undefined) return known;
    const tree: Tree = new Map();
    for (const path of at) grow(tree, path(event));
    trees.set(bag, tree);
    return tree;
  };
  return (event) => {
    let changed = event;
    for (const [root, tree] of treeFor(event)) {
      const value = ownValue(changed, root);
      if (tree !== 'all' && value !== undefined)
        changed = withKey(changed, root, pruned(value, tree));
    }
    return changed;
  };
}

function grow(tree: Tree, keys: readonly string[]): void {
  let node = tree;
  for (const [index, key] of keys.entries()) {
    const next = node.get(key);
    if (next === 'all') return;
    if (index === keys.length - 1) {
      node.set(key, 'all');
      return;
    }
    const inner: Tree = next ?? new Map();
    node.set(key, inner);
    node = inner;
  }
}

function pruned(value: Json, tree: Tree): Json {
  if (Array.isArray(value)) return value.map((item) => pruned(item, tree));
  if (!isJsonObject(value)) return value;
  return mappedObject(value, (key, inner) => {
    const left = tree.get(key);
    return left === undefined || left === 'all' || inner === undefined
      ? left && inner
      : pruned(inner, left);
  });
}

const roots = new Set(['properties', 'traits', 'context']);

/**
 * The keys of a path by the event. A path begins with `properties`, `traits` or `context`, or else is one in the
 * traits of an identify or group call, in the properties of the others: what is at the top of an event, its
 * ids above all, is out of reach.
 */
function pathIn(path: string): (event: JsonObject) => readonly string[] {
  const keys = splitPath(path);
  const [root = ''] = keys;
  if (roots.has(root) && keys.length > 1) return () => keys;
  const inTraits = ['traits', ...keys];
  const inProperties = ['properties', ...keys];
  return (event) => (bagOf(event) === 'traits' ? inTraits : inProperties);
}

function bagOf({ type }: JsonObject): 'traits' | 'properties' {
  return type === 'identify' || type === 'group' ? 'traits' : 'properties';
}
