import type { ObjectStore } from '../core/object-store.ts';
import { readLines, readMembers } from './archive-format.ts';
import { eventPrefix, objectPrefix } from './archived-source.ts';
import { dayMs } from './batch.ts';
import { readFacts } from './index-lines.ts';

export interface RestoreRange {
  /** Undefined: of all sources. */
  readonly source?: string | undefined;
  /** receivedAt, milliseconds: from `from` on and before `to`. */
  readonly from: number;
  readonly to: number;
  /** Objects of the Objects API in place of events. */
  readonly objectsOnly?: boolean | undefined;
}

/**
 * The lines of a range, by source, day and file, in the order in which they were received within each. Needs
 * nothing but the files: no manifest, no server.
 */
export async function* restoreLines(
  objects: ObjectStore,
  { source, from, to, objectsOnly }: RestoreRange,
): AsyncGenerator<Buffer> {
  const folder = objectsOnly === true ? objectPrefix : eventPrefix;
  const prefix = source === undefined ? folder : `${folder}${source}/`;
  for await (const { key } of objects.list(prefix)) {
    const day = Number(key.split('/')[2]);
    if (!(day < to && day + dayMs > from)) continue;
    const found = await objects.get(key);
    if (found === undefined) continue;
    for (const member of readMembers(key, found.body)) {
      const facts = readFacts(member.index);
      const isWanted = facts.map(({ time }) => time >= from && time < to);
      if (!isWanted.includes(true)) continue;
      const lines = await readLines(key, member);
      for (const [at, line] of lines.entries()) if (isWanted[at] === true) yield line;
    }
  }
}
