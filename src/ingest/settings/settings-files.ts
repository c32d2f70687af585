import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { limits } from '../../core/limits.ts';
import type { Snapshot, SnapshotHolder } from '../../core/snapshot.ts';
import type { ScriptFile } from '../script-files.ts';
import type { WriteKey } from '../write-key.ts';
import { clientSource } from './client-source.ts';
import { projectSettings } from './project-settings.ts';

const compress = promisify(gzip);
/** Below this, compressing saves no packet. */
const worthCompressing = 1_024;

/** The settings of write keys as text, made once for each address they are asked at and each snapshot. */
export class SettingsFiles {
  readonly #snapshot: SnapshotHolder;
  #madeFor: Snapshot | undefined;
  readonly #made = new Map<string, Promise<ScriptFile>>();

  constructor(snapshot: SnapshotHolder) {
    this.#snapshot = snapshot;
  }

  file(key: WriteKey, origin: URL): Promise<ScriptFile> {
    const { current } = this.#snapshot;
    if (current !== this.#madeFor || this.#made.size >= limits.settingsCache) this.#made.clear();
    this.#madeFor = current;
    const name = `${key.text} ${origin.href}`;
    const known = this.#made.get(name) ?? make(key, origin, current);
    this.#made.set(name, known);
    return known;
  }
}

async function make(key: WriteKey, origin: URL, snapshot: Snapshot): Promise<ScriptFile> {
  const settings = projectSettings(key.text, origin, clientSource(snapshot, key.source.id));
  const plain = Buffer.from(JSON.stringify(settings));
  return plain.length < worthCompressing ? { plain } : { plain, gzipped: await compress(plain) };
}
