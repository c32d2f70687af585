import { type FuzzCase, renderCase } from './fuzz-case.ts';
import { copyOf, raw, remove, slotsOf, type Tree, textOf, treeOf } from './json-tree.ts';
import { plain, type WireRequest } from './wire-request.ts';

/** Sends a case under marks of its own, and says what is wrong with it. */
export type Try = (candidate: FuzzCase) => Promise<string | undefined>;

/** Tries spent on one case, and time: one that hangs takes long. */
const mostTries = 150;
const mostMs = 60_000;

/** The least case found that still fails, with what it fails with; undefined: it does not fail again. */
export async function minimise(
  original: FuzzCase,
  attempt: Try,
): Promise<{ readonly least: FuzzCase; readonly problem: string } | undefined> {
  let problem = await attempt(original);
  if (problem === undefined) return undefined;
  let least = original;
  let tries = 0;
  const until = performance.now() + mostMs;
  for (let shrunk = true; shrunk && tries < mostTries; ) {
    shrunk = false;
    for (const candidate of smaller(least)) {
      if (++tries > mostTries || performance.now() > until) return { least, problem };
      const again = await attempt(candidate);
      if (again === undefined) continue;
      [least, problem, shrunk] = [candidate, again, true];
      break;
    }
  }
  return { least, problem };
}

/** Cases that are a step smaller, the largest steps first. */
function* smaller(one: FuzzCase): Generator<FuzzCase> {
  const { requests, pieces } = one;
  if (pieces !== undefined) yield { ...one, pieces: undefined };
  for (let index = 0; requests.length > 1 && index < requests.length; index++) {
    yield { ...one, requests: requests.filter((_, at) => at !== index) };
  }
  for (const [index, request] of requests.entries()) {
    for (const less of smallerRequests(request)) {
      yield { ...one, requests: requests.with(index, less) };
    }
  }
}

function* smallerRequests(request: WireRequest): Generator<WireRequest> {
  const { headers, body, coding } = request;
  for (let count = Math.ceil(headers.length / 2); count > 0; count = Math.floor(count / 2)) {
    for (let from = 0; from < headers.length; from += count) {
      yield { ...request, headers: headers.filter((_, at) => at < from || at >= from + count) };
    }
  }
  if (coding.gzip && coding.spoil === undefined) yield { ...request, coding: plain };
  if (body === undefined) return;
  const tree = Buffer.isBuffer(body) ? treeIn(body) : body;
  if (tree !== undefined) {
    for (const less of smallerTrees(tree)) yield { ...request, body: less };
  } else if (Buffer.isBuffer(body)) {
    for (let count = body.length >> 1; count > 0; count >>= 1) {
      for (let from = 0; from < body.length; from += count) {
        const rest = [body.subarray(0, from), body.subarray(from + count)];
        yield { ...request, body: Buffer.concat(rest) };
      }
    }
  }
}

function* smallerTrees(tree: Tree): Generator<Tree> {
  const count = slotsOf(tree, '').length;
  for (let index = 0; index < count; index++) {
    const copy = copyOf(tree);
    const slot = slotsOf(copy, '')[index];
    if (slot === undefined) continue;
    remove(slot);
    yield copy;
  }
  if (tree.kind === 'raw' && tree.text.length > 1) yield raw('1');
}

function treeIn(body: Buffer): Tree | undefined {
  try {
    const tree = treeOf(JSON.parse(body.toString()));
    return textOf(tree) === body.toString() ? tree : undefined;
  } catch {
    return undefined; // Not to be taken apart by its structure.
  }
}

/** A case as a person can read it and send it again; long repetitions are told, not shown. */
export function printed(one: FuzzCase, most = 4_000): string {
  return renderCase(one)
    .map(({ request, rendered }) => {
      const about = [...request.mutations, request.framing.name].join('; ');
      const text = JSON.stringify(rendered.bytes.toString('latin1')).replaceAll(
        /(.{1,12}?)\1{30,}/g,
        (all, unit: string) => `«${unit}» × ${all.length / unit.length} `,
      );
      const shown = text.length > most ? `${text.slice(0, most)}… (${text.length})` : text;
      return `-- ${about} (${rendered.outcome})\n${shown}`;
    })
    .join('\n');
}
