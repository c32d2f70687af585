import { TributaryError } from '../../../core/errors.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { differences, missingSecrets } from './differences.ts';
import type { Kind, Present, Session } from './kind.ts';
import { kinds } from './kinds/kinds.ts';
import type { Wanted } from './read-folder.ts';
import { texts } from './session.ts';

/** One thing to do. */
export type Step =
  | { readonly does: 'make'; readonly kind: Kind; readonly key: string; readonly item: JsonObject }
  | {
      readonly does: 'change';
      readonly kind: Kind;
      readonly key: string;
      readonly present: Present;
      readonly changes: JsonObject;
    }
  | {
      readonly does: 'remove';
      readonly kind: Kind;
      readonly key: string;
      readonly present: Present;
    };

export interface PlanOptions {
  /** Removes what the files do not have, of the kinds that they name. */
  readonly prune: boolean;
  /** Writes every secret that is given, also where its mask is the same. */
  readonly secrets: boolean;
}

/**
 * What is to be done so that the server is as the files want it, in an order that can be done; fills the ids of
 * the session. Throws `input_validation` with every problem at once: nothing is done then.
 */
export async function makePlan(
  session: Session,
  wanted: Wanted,
  options: PlanOptions,
): Promise<readonly Step[]> {
  const problems: string[] = [];
  const steps: Step[] = [];
  const removals: Step[] = [];
  for (const kind of kinds) {
    const items = wanted.get(kind.name);
    if (items === undefined && !isNeeded(kind, wanted)) continue;
    const present = await readPresent(session, kind, items ?? [], problems);
    const left = new Map(present);
    for (const item of items ?? []) {
      const key = kind.key(item);
      const there = present.get(key);
      left.delete(key);
      const title = `${kind.title} ${key}`;
      if (there === undefined) {
        const missing = missingSecrets(item).map((name) => `settings.${name}`);
        if (missing.length > 0) {
          problems.push(`${title} is new: ${missing.join(', ')} must be given, not a mask`);
        }
        steps.push({ does: 'make', kind, key, item });
      } else {
        const changes = {
          ...differences(kind, item, there, options.secrets),
          ...(kind.name === 'warehouses' && joinedUnasked(item, steps)),
        };
        const fixed = Object.keys(changes).filter((name) => kind.fixed.includes(name));
        for (const name of fixed) problems.push(`${title}: ${name} cannot be changed`);
        if (Object.keys(changes).length > 0) {
          steps.push({ does: 'change', kind, key, present: there, changes });
        }
      }
    }
    if (options.prune && items !== undefined) {
      for (const [key, there] of left) removals.push({ does: 'remove', kind, key, present: there });
    }
  }
  problems.push(...danglingSources(session, wanted, removals));
  problems.push(...danglingFunctions(session, wanted, removals));
  if (problems.length > 0) throw new TributaryError('input_validation', problems.join('\n'));
  return inOrder(steps, removals);
}

/** Sources are what most others stand at, and functions what they may be. */
function isNeeded({ name }: Kind, wanted: Wanted): boolean {
  if (name === 'sources' || name === 'functions') return true;
  return kinds.some((other) => wanted.has(other.name) && other.needs?.includes(name));
}

/** What holds on to others goes first, labels go last; what is switched off makes room for what is switched on. */
function inOrder(steps: readonly Step[], removals: readonly Step[]): readonly Step[] {
  const [last, first] = [true, false].map((isLast) =>
    removals.filter(({ kind }) => (kind.removedLast === true) === isLast),
  );
  const isOff = (step: Step) => step.does === 'change' && step.changes['enabled'] === false;
  const [off, others] = [true, false].map((wanted) =>
    steps.filter((step) => isOff(step) === wanted),
  );
  return [...(first ?? []).reverse(), ...(off ?? []), ...(others ?? []), ...(last ?? [])];
}

async function readPresent(
  session: Session,
  kind: Kind,
  items: readonly JsonObject[],
  problems: string[],
): Promise<Map<string, Present>> {
  const asked = new Set(items.map(kind.key));
  const found = new Map<string, Present>();
  for (const present of await kind.read(session, items)) {
    const key = kind.key(present.item);
    if (found.has(key) && asked.has(key)) {
      problems.push(
        `${kind.title} ${key}: the server has several of that name; rename all but one`,
      );
    }
    found.set(key, present);
    session.ids.set(`${kind.name}/${key}`, present.id);
  }
  return found;
}

/** A new source is loaded into every warehouse: one that lists its sources lets go of it again. */
function joinedUnasked(item: JsonObject, steps: readonly Step[]): JsonObject {
  const { sources } = item;
  if (sources === undefined) return {};
  const listed = texts(sources);
  const isUnasked = ({ does, kind, key }: Step) =>
    does === 'make' && kind.name === 'sources' && !listed.includes(key);
  return steps.some(isUnasked) ? { sources } : {};
}

/** Sources that an item names and that will not be there. */
function danglingSources({ ids }: Session, wanted: Wanted, removals: readonly Step[]): string[] {
  const made = new Set(wanted.get('sources')?.map((item) => String(item['slug'])));
  const removed = new Set(removals.map(({ kind, key }) => `${kind.name}/${key}`));
  const isThere = (slug: string) =>
    made.has(slug) || (ids.has(`sources/${slug}`) && !removed.has(`sources/${slug}`));
  return kinds.flatMap((kind) =>
    (wanted.get(kind.name) ?? []).flatMap((item) => {
      const named = typeof item['source'] === 'string' ? [item['source']] : texts(item['sources']);
      return named
        .filter((slug) => !isThere(slug))
        .map((slug) => `${kind.title} ${kind.key(item)}: there is no source ${slug}`);
    }),
  );
}

/** Functions that an item names and that will not be there. */
function danglingFunctions(
  { functions }: Session,
  wanted: Wanted,
  removals: readonly Step[],
): string[] {
  const made = new Set(wanted.get('functions')?.map((item) => String(item['name'])));
  const removed = new Set(removals.map(({ kind, key }) => `${kind.name}/${key}`));
  const isThere = (name: string) =>
    made.has(name) || (functions.has(name) && !removed.has(`functions/${name}`));
  return kinds.flatMap((kind) =>
    (wanted.get(kind.name) ?? []).flatMap((item) => {
      const name = item['function'] ?? item['destinationFunction'];
      if (typeof name !== 'string' || isThere(name)) return [];
      return [`${kind.title} ${kind.key(item)}: there is no function ${name}`];
    }),
  );
}

/** The plan for people: names of fields, never their values, which may be secret. */
export function planText(steps: readonly Step[]): string {
  const lines = steps.map((step) => {
    const name = `${step.kind.title} ${step.key}`;
    if (step.does === 'make') return `+ ${name}`;
    if (step.does === 'remove') return `- ${name}`;
    return `~ ${name}: ${fieldsOf(step.changes).join(', ')}`;
  });
  const count = (does: Step['does']) => steps.filter((step) => step.does === does).length;
  const sum = `${count('make')} to make, ${count('change')} to change, ${count('remove')} to remove`;
  return [...lines, sum, ''].join('\n');
}

function fieldsOf({ settings, ...fields }: JsonObject): string[] {
  const own = Object.keys(fields);
  if (settings === undefined) return own;
  if (!isJsonObject(settings)) return [...own, 'settings'];
  return [...own, ...Object.keys(settings).map((name) => `settings.${name}`)];
}
