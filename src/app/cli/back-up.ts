import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { systemClock } from '../../core/clock.ts';
import { TributaryError } from '../../core/errors.ts';
import { backUpEngines } from '../../storage/backup/back-up-engines.ts';
import { type CopiedFile, copyFile } from '../../storage/backup/copy-file.ts';
import type { Config } from '../config/config.ts';
import { replaceFile } from '../node/replace-file.ts';
import { type BackupManifest, engineFolders, manifestName, notCopied } from './backup-manifest.ts';

/**
 * `tributary backup <folder>`: copies everything that the embedded engines keep, while the server runs or not. The
 * folder is new or empty. Without its manifest, which is written at the end, it is no backup. Rejects with
 * `config_invalid` when there is nothing embedded, or the folder is in use.
 */
export async function backUp(config: Config, folder: string): Promise<void> {
  const to = resolve(folder);
  const folders = engineFolders(config);
  if (folders.log === undefined && folders.state === undefined) {
    const message =
      'Neither the log nor the state store is on this machine: back up the brokers and the database';
    throw new TributaryError('config_invalid', message);
  }
  if (existsSync(to) && readdirSync(to).length > 0) {
    throw new TributaryError('config_invalid', `The folder ${to} is not empty`);
  }
  mkdirSync(to, { recursive: true, mode: 0o700 });
  const begun = systemClock.now();
  const small = await copySmallFiles(config.data, to);
  const { files, incomplete } = await backUpEngines(folders, to);
  if (files.length === 0) {
    throw new TributaryError('config_invalid', `There is nothing to back up in ${config.data}`);
  }
  const manifest: BackupManifest = { format: 1, begun, files: [...small, ...files] };
  replaceFile(join(to, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  say(`${manifest.files.length} files, ${Math.ceil(bytes / 2 ** 20)} MB: ${to}`);
  for (const log of incomplete) say(`warning: a file of the log ${log} is missing on this machine`);
  if (folders.log === undefined) say('not in it: the log, which is not on this machine');
  if (folders.state === undefined) say('not in it: the state store, which is not on this machine');
}

/** Keys and tokens: without them the rest says little. */
async function copySmallFiles(data: string, to: string): Promise<CopiedFile[]> {
  const entries = existsSync(data) ? readdirSync(data, { withFileTypes: true }) : [];
  const copied: CopiedFile[] = [];
  for (const entry of entries) {
    if (!entry.isFile() || notCopied.test(entry.name)) continue;
    copied.push(await copyFile(join(data, entry.name), to, entry.name));
  }
  return copied;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
