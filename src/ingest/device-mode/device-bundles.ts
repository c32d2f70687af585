import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { isJsonObject, type Json } from '../../core/json.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'vendor', 'browser-destinations');

/** A script of a destination in the browser. It lies gzipped. */
export interface DeviceFile {
  /** On this machine. */
  readonly path: string;
  /** After inflation. */
  readonly bytes: number;
  /** `sha384-…` of what it inflates to. */
  readonly integrity: string;
}

/** The scripts of destinations in the browser that come with Tributary. None is ever held in memory. */
export class DeviceBundles {
  readonly #folder: string;
  #files: Promise<ReadonlyMap<string, DeviceFile>> | undefined;
  readonly #checked = new Map<DeviceFile, Promise<boolean>>();

  constructor(at = folder) {
    this.#folder = at;
  }

  /** The file of a folder and a name; only listed ones are ever opened. */
  async find(directory: string, name: string): Promise<DeviceFile | undefined> {
    this.#files ??= listFiles(this.#folder);
    const files = await this.#files;
    // analytics.js' option `obfuscate` asks for the folder in base64.
    const plain = Buffer.from(directory, 'base64').toString('latin1');
    return files.get(`${directory}/${name}`) ?? files.get(`${plain}/${name}`);
  }

  /** Whether the file is as it was published; read for that once. */
  isIntact(file: DeviceFile): Promise<boolean> {
    const known = this.#checked.get(file) ?? hasSum(file);
    this.#checked.set(file, known);
    return known;
  }
}

async function listFiles(folder: string): Promise<ReadonlyMap<string, DeviceFile>> {
  const listed: Json = JSON.parse(await readFile(join(folder, 'files.json'), 'utf8'));
  assert(isJsonObject(listed), 'vendor/browser-destinations/files.json is an object');
  return new Map(
    Object.entries(listed).map(([name, entry]) => {
      const { bytes, integrity } = isJsonObject(entry) ? entry : {};
      assert(typeof bytes === 'number' && typeof integrity === 'string', `${name} is described`);
      return [name, { path: join(folder, `${name}.gz`), bytes, integrity }];
    }),
  );
}

async function hasSum({ path, integrity }: DeviceFile): Promise<boolean> {
  const hash = createHash('sha384');
  await pipeline(createReadStream(path), createGunzip(), hash);
  return integrity === `sha384-${hash.digest('base64')}`;
}
