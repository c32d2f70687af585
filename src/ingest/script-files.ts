import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface ScriptFile {
  readonly plain: Buffer;
  /** The same, gzipped, where the package brings it. */
  readonly gzipped?: Buffer;
}

/** The browser build of `@segment/analytics-next`, read from the installed package on first use. */
export class ScriptFiles {
  readonly #folder: string;
  readonly #read = new Map<string, Promise<ScriptFile>>();
  #names: Promise<ReadonlySet<string>> | undefined;

  constructor() {
    const manifest = createRequire(import.meta.url).resolve('@segment/analytics-next/package.json');
    this.#folder = join(dirname(manifest), 'dist', 'umd');
  }

  /** One file, undefined when the build has none of that name. Only listed names are ever opened. */
  async file(name: string): Promise<ScriptFile | undefined> {
    this.#names ??= readdir(this.#folder).then((names) => new Set(names));
    const names = await this.#names;
    if (!names.has(name)) return undefined;
    const known = this.#read.get(name) ?? this.#load(name, names.has(`${name}.gz`));
    this.#read.set(name, known);
    return known;
  }

  async #load(name: string, isGzipped: boolean): Promise<ScriptFile> {
    const path = join(this.#folder, name);
    const [plain, gzipped] = await Promise.all([
      readFile(path),
      isGzipped ? readFile(`${path}.gz`) : undefined,
    ]);
    return gzipped === undefined ? { plain } : { plain, gzipped };
  }
}
