import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TributaryError } from '../../core/errors.ts';
import type { EngineFolders } from '../../storage/backup/back-up-engines.ts';
import type { CopiedFile } from '../../storage/backup/copy-file.ts';
import type { Config } from '../config/config.ts';

/** What a backup holds: `manifest.json` in its folder, written last. */
export interface BackupManifest {
  readonly format: 1;
  /** Milliseconds since the epoch: what was acknowledged before is in it. */
  readonly begun: number;
  readonly files: readonly CopiedFile[];
}

export const manifestName = 'manifest.json';

/** Files of the data folder that an engine copies itself, or that a start makes anew. All others are secrets. */
export const notCopied =
  /^((state|work)\.db(-wal|-shm)?|snapshot\.json|oauth-assertions|.*\.(new|restoring))$/;

const paths = /^(\w[\w.-]*|log\/\w+-\d+\/(\d+\.log|end))$/;

/** Where the embedded engines of a configuration keep their files. */
export function engineFolders({ log, state }: Config): EngineFolders {
  const folder = (url: string, scheme: string) =>
    url.startsWith(scheme) ? url.slice(scheme.length) : undefined;
  return { log: folder(log, 'file:'), state: folder(state, 'sqlite:') };
}

/** Throws `config_invalid` when the folder holds no whole backup of a format that we know. */
export function readManifest(folder: string): BackupManifest {
  const refused = (why: string, cause?: unknown) =>
    new TributaryError('config_invalid', `${folder} is no backup: ${why}`, { cause });
  let manifest: BackupManifest;
  try {
    // Written by `tributary backup`; its format is looked at next.
    manifest = JSON.parse(readFileSync(join(folder, manifestName), 'utf8')) as BackupManifest;
  } catch (cause) {
    throw refused(`its ${manifestName} cannot be read; one that was not finished has none`, cause);
  }
  if (manifest.format !== 1) throw refused(`its format ${String(manifest.format)} is not known`);
  const odd = manifest.files.find(({ path }) => !paths.test(path));
  if (odd !== undefined) throw refused(`it names a file ${odd.path}`);
  return manifest;
}
