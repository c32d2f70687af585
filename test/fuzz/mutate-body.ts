import type { Random } from '../rig/random.ts';
import { copyOf, put, raw, remove, slotsOf, type Tree, textOf, valueIn } from './json-tree.ts';
import { markKey, markOf } from './mark.ts';
import { brokenValues, depths, hostileKeys, hostileValues, times } from './values.ts';
import type { WireRequest } from './wire-request.ts';

/** Changes a tree in place, or returns the bytes it became; undefined: it found nothing to change. */
type Mutation = (tree: Tree, dice: Random, caseNumber: number) => Tree | Buffer | undefined;

function slot(tree: Tree, dice: Random, holds: (key: string | undefined) => boolean = () => true) {
  const slots = slotsOf(tree, markKey).filter(({ key }) => holds(key));
  return slots.length === 0 ? undefined : dice.pick(slots);
}

function objectsIn(tree: Tree) {
  const inner = slotsOf(tree, markKey).map(valueIn);
  return [tree, ...inner].filter((one) => one.kind === 'object');
}

const replace =
  (values: readonly string[], holds?: (key: string | undefined) => boolean): Mutation =>
  (tree, dice) => {
    const found = slot(tree, dice, holds);
    if (found === undefined) return undefined;
    put(found, raw(dice.pick(values)));
    return tree;
  };

const isTime = (key: string | undefined) => /timestamp|sentAt/i.test(key ?? '');
const isMessageId = (key: string | undefined) => /messageId|hitId/.test(key ?? '');

/** Ids that collide with the case before, within the batch, or are at the bound. */
const messageIds: Mutation = (tree, dice, caseNumber) => {
  const before = `"srv-${markOf(Math.max(0, caseNumber - dice.between(0, 40)), dice.between(0, 2))}"`;
  const long = (length: number) => `"${markOf(caseNumber, 99).padEnd(length, 'é')}"`;
  const ids = [before, before, '""', 'null', '" "', long(100), long(101), long(1_000), '7'];
  return replace(ids, isMessageId)(tree, dice, caseNumber);
};

const removeOne: Mutation = (tree, dice) => {
  const found = slot(tree, dice);
  if (found === undefined || textOf(valueIn(found)).includes(markKey)) return undefined;
  remove(found);
  return tree;
};

const twice: Mutation = (tree, dice) => {
  const found = slot(tree, dice, (key) => key !== undefined);
  if (found === undefined || found.parent.kind !== 'object') return undefined;
  const value = valueIn(found);
  if (textOf(value).includes(markKey)) return undefined;
  const other = dice.chance(0.5) ? raw(dice.pick(hostileValues)) : copyOf(value);
  const at = dice.between(0, found.parent.entries.length);
  found.parent.entries.splice(at, 0, [found.key ?? '""', other]);
  return tree;
};

const addKey: Mutation = (tree, dice) => {
  const { entries } = dice.pick(objectsIn(tree));
  const value = raw(dice.pick(hostileValues));
  entries.splice(dice.between(0, entries.length), 0, [dice.pick(hostileKeys), value]);
  return tree;
};

const renameKey: Mutation = (tree, dice) => {
  const found = slot(tree, dice, (key) => key !== undefined);
  if (found?.parent.kind !== 'object') return undefined;
  const entry = found.parent.entries[found.index];
  if (entry === undefined || textOf(entry[1]).includes(markKey)) return undefined;
  entry[0] = dice.pick(hostileKeys);
  return tree;
};

/** The same key, written otherwise. */
const escapeKey: Mutation = (tree, dice) => {
  const found = slot(tree, dice, (key) => key !== undefined && /^"\w/.test(key));
  if (found?.parent.kind !== 'object') return undefined;
  const entry = found.parent.entries[found.index];
  if (entry === undefined) return undefined;
  const code = entry[0].charCodeAt(1).toString(16).padStart(4, '0');
  entry[0] = `"\\u${code}${entry[0].slice(2)}`;
  return tree;
};

const swap: Mutation = (tree, dice) => {
  const [one, other] = [slot(tree, dice), slot(tree, dice)];
  if (one === undefined || other === undefined) return undefined;
  const [first, second] = [valueIn(one), valueIn(other)];
  // One within the other would make a ring.
  if (textOf(first).includes(textOf(second)) || textOf(second).includes(textOf(first))) return tree;
  // Marks tell the order in which events were sent: those in a batch keep their places.
  const isMoved = one.parent.kind === 'array' && other.parent.kind === 'array';
  if (isMoved && `${textOf(first)}${textOf(second)}`.includes(markKey)) return tree;
  put(one, second);
  put(other, first);
  return tree;
};

const nest: Mutation = (tree, dice) => {
  const found = slot(tree, dice);
  if (found === undefined) return undefined;
  const depth = dice.pick(depths);
  const inner = valueIn(found);
  const innerText = textOf(inner).includes(markKey) ? '1' : textOf(inner);
  const isObject = dice.chance(0.5);
  const [open, close] = isObject ? ['{"a":', '}'] : ['[', ']'];
  put(found, raw(`${open.repeat(depth)}${innerText}${close.repeat(depth)}`));
  return tree;
};

/** A body, or an event of one, that is as large as may be, give or take a byte. */
const pad: Mutation = (tree, dice) => {
  const target = dice.pick([32_768, 32_768, 65_536, 512_000]) + dice.between(-1, 1);
  const isItem = target === 32_768 && dice.chance(0.5);
  const items = isItem ? objectsIn(tree).filter((one) => textOf(one).includes(markKey)) : [tree];
  const object = items.at(-1);
  if (object?.kind !== 'object') return undefined;
  const value = dice.chance(0.2) ? 'é' : 'x';
  const length = Buffer.byteLength(textOf(object)) + '"pad":"",'.length;
  const room = Math.floor((target - length) / Buffer.byteLength(value));
  if (room < 0) return undefined;
  object.entries.unshift(['"pad"', raw(`"${value.repeat(room)}"`)]);
  return tree;
};

const manyKeys: Mutation = (tree, dice) => {
  const { entries } = dice.pick(objectsIn(tree));
  const count = dice.pick([300, 1_000, 10_001]);
  for (let index = 0; index < count; index++) entries.push([`"k${index}"`, raw('1')]);
  return tree;
};

/** A batch of very many items, or of none. */
const manyItems: Mutation = (tree, dice) => {
  if (tree.kind !== 'object') return undefined;
  const batch = tree.entries.find(([key]) => key === '"batch"')?.[1];
  if (batch?.kind !== 'array') return undefined;
  const draw = dice.next();
  if (draw < 0.2) batch.items.length = 0;
  else {
    const count =
      draw < 0.9 ? dice.between(5, 60) : dice.pick([2_498, 2_499, 2_500, 2_501, 14_000]);
    const item = raw(dice.pick(['null', '{}', '[]', '{"type":"track"}', '1', '{"type":"page"}']));
    const front = Array.from({ length: count - batch.items.length }, () => item);
    batch.items.splice(dice.between(0, batch.items.length), 0, ...front);
  }
  return tree;
};

const bytes =
  (change: (text: Buffer, dice: Random) => Buffer): Mutation =>
  (tree, dice) =>
    change(Buffer.from(textOf(tree)), dice);

const flip = bytes((text, dice) => {
  for (let count = dice.between(1, 4); count > 0 && text.length > 0; count--) {
    text[dice.between(0, text.length - 1)] = dice.between(0, 255);
  }
  return text;
});

const cut = bytes((text, dice) => text.subarray(0, dice.between(0, text.length)));

const notUtf8 = bytes((text, dice) => {
  const inserted = dice.pick([
    [0xff],
    [0xc0, 0x80],
    [0xed, 0xa0, 0x80],
    [0xf5, 0x80],
    [0xe2, 0x82],
  ]);
  const at = text.indexOf(':"', dice.between(0, text.length)) + 2;
  return Buffer.concat([text.subarray(0, at), Buffer.from(inserted), text.subarray(at)]);
});

const otherEncoding = bytes((text, dice) => {
  const mark = Buffer.from([0xef, 0xbb, 0xbf]);
  if (dice.chance(0.5)) return Buffer.concat([mark, text]);
  return dice.chance(0.5)
    ? Buffer.from(text.toString(), 'utf16le')
    : Buffer.concat([Buffer.from(' \r\n\t'.repeat(dice.between(1, 500))), text]);
});

const notAnObject = bytes((text, dice) => {
  const whole = dice.pick([
    `[${text}]`,
    `"${text}"`,
    'null',
    '',
    ' ',
    '1',
    `${text}${text}`,
    'a=b',
  ]);
  return Buffer.from(whole);
});

/** How often each is drawn, and its name in a report. */
const mutations: readonly (readonly [weight: number, name: string, mutation: Mutation])[] = [
  [10, 'a hostile value', replace(hostileValues)],
  [3, 'a value that is no JSON', replace(brokenValues)],
  [4, 'a time', replace(times, isTime)],
  [4, 'a messageId', messageIds],
  [4, 'something removed', removeOne],
  [4, 'a key twice', twice],
  [6, 'a key added', addKey],
  [4, 'a key renamed', renameKey],
  [2, 'a key escaped', escapeKey],
  [3, 'values swapped', swap],
  [4, 'nested deeply', nest],
  [2, 'a size at the bound', pad],
  [1, 'many keys', manyKeys],
  [2, 'many items, or none', manyItems],
  [3, 'bytes changed', flip],
  [2, 'cut off', cut],
  [3, 'not UTF-8', notUtf8],
  [1, 'another encoding', otherEncoding],
  [1, 'not one object', notAnObject],
];
const total = mutations.reduce((sum, [weight]) => sum + weight, 0);

/** One mutation more of the body, if it has one that can be mutated still. */
export function mutateBody(request: WireRequest, dice: Random, caseNumber: number): WireRequest {
  const { body } = request;
  if (body === undefined || Buffer.isBuffer(body)) return request;
  let left = dice.between(0, total - 1);
  for (const [weight, name, mutation] of mutations) {
    left -= weight;
    if (left >= 0) continue;
    const changed = mutation(copyOf(body), dice, caseNumber);
    if (changed === undefined) return request;
    return { ...request, body: changed, mutations: [...request.mutations, name] };
  }
  return request;
}
