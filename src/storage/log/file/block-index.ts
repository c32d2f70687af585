import { readFile, rename, writeFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { errorCode } from './error-code.ts';
import { indexPath } from './log-folder.ts';

/** About 1 MiB of a file: where it begins (a commit), its first commit's time, whose records it holds. */
interface Block {
  readonly start: number;
  readonly time: number;
  readonly sources: Set<string>;
}

const blockBytes = 1024 * 1024;
const version = 1;

/** The coarse index of one file: lets a reader of one source, or of a time, skip whole blocks. */
export class BlockIndex {
  readonly #blocks: Block[] = [];

  /** Adds the commit at byte `start`; commits are added in order. */
  add(start: number, time: number, sources: Iterable<string>): void {
    let block = this.#blocks.at(-1);
    if (!block || start - block.start >= blockBytes) {
      block = { start, time, sources: new Set() };
      this.#blocks.push(block);
    }
    for (const source of sources) block.sources.add(source);
  }

  /** The start of the block that holds byte `byte`, undefined before the first. */
  startOf(byte: number): number | undefined {
    return this.#blocks.findLast((block) => block.start <= byte)?.start;
  }

  /** The first byte from `byte` on in a block with records of `source`; `end` when there is none. */
  nextOf(source: string, byte: number, end: number): number {
    for (let i = 0; i < this.#blocks.length; i++) {
      const block = this.#blocks[i];
      const blockEnd = this.#blocks[i + 1]?.start ?? end;
      if (block && blockEnd > byte && block.sources.has(source)) return Math.max(block.start, byte);
    }
    return end;
  }

  /** Start of the last block that begins before `time`: commits made at `time` are not before it. */
  startBefore(time: number): number | undefined {
    return this.#blocks.findLast((block) => block.time < time)?.start;
  }

  /** Keeps the index beside its file, whole or not at all. It is rebuilt from the file when it is lost. */
  async save(folder: string, number: number, end: number): Promise<void> {
    const blocks = this.#blocks.map(({ start, time, sources }) => [start, time, [...sources]]);
    const text = JSON.stringify({ version, number, end, blocks });
    const path = indexPath(folder, number);
    await writeFile(`${path}.new`, `${crc32(text)} ${text}`);
    await rename(`${path}.new`, path);
  }

  /** The saved index of a file that ends at `end`; undefined when there is no whole one. */
  static async load(folder: string, number: number, end: number): Promise<BlockIndex | undefined> {
    const content = await readIfThere(indexPath(folder, number));
    const space = content.indexOf(' ');
    const text = content.slice(space + 1);
    if (space < 0 || crc32(text) !== Number(content.slice(0, space))) return undefined;
    const saved: SavedIndex = JSON.parse(text);
    if (saved.version !== version || saved.number !== number || saved.end !== end) return undefined;
    const index = new BlockIndex();
    for (const [start, time, sources] of saved.blocks) {
      index.#blocks.push({ start, time, sources: new Set(sources) });
    }
    return index;
  }
}

interface SavedIndex {
  readonly version: number;
  readonly number: number;
  readonly end: number;
  readonly blocks: readonly (readonly [start: number, time: number, sources: string[]])[];
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  }
}
