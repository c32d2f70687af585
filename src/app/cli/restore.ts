import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { TributaryError } from '../../core/errors.ts';
import { type CopiedFile, copyFile } from '../../storage/backup/copy-file.ts';
import type { Config } from '../config/config.ts';
import { engineFolders, readManifest } from './backup-manifest.ts';

/** What a data folder that was in use holds. */
const used = /^(log|keys|snapshot\.json|(state|work)\.db(-wal|-shm)?)$/;

interface PlacedFile extends CopiedFile {
  readonly target: string;
}

/**
 * `tributary restore <folder>`: puts a backup where the configuration says that its parts belong. Nothing may be there
 * yet, and every file is checked before the first one takes its place. Rejects with `config_invalid`.
 */
export async function restore(config: Config, folder: string): Promise<void> {
  const from = resolve(folder);
  const { files, begun } = readManifest(from);
  const placed = files.map((file) => ({ ...file, target: targetOf(file.path, config) }));
  refuseUsed(config, placed);
  try {
    for (const file of placed) await stage(from, file);
  } catch (cause) {
    for (const { target } of placed) rmSync(staged(target), { force: true });
    if (cause instanceof TributaryError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `The backup ${from} cannot be copied: ${why}`;
    throw new TributaryError('config_invalid', message, { cause });
  }
  for (const { target } of placed) renameSync(staged(target), target);
  for (const path of new Set(placed.map(({ target }) => dirname(target)))) flushFolder(path);
  const seconds = Math.floor(begun / 1_000);
  process.stdout.write(`${files.length} files, as of ${seconds} s of the epoch: ${config.data}\n`);
}

async function stage(from: string, { path, target, bytes, sha256 }: PlacedFile): Promise<void> {
  const folder = dirname(target);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const copied = await copyFile(join(from, path), folder, basename(staged(target)));
  if (copied.sha256 === sha256 && copied.bytes === bytes) return;
  const message = `${join(from, path)} is damaged: it does not check`;
  throw new TributaryError('config_invalid', message);
}

/** Where a file waits until all are there. */
function staged(target: string): string {
  return `${target}.restoring`;
}

function flushFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function targetOf(path: string, config: Config): string {
  const { log, state } = engineFolders(config);
  const isLog = path.startsWith('log/');
  const folder = isLog ? log : path.endsWith('.db') ? state : config.data;
  if (folder !== undefined) return join(folder, isLog ? path.slice('log/'.length) : path);
  const key = isLog ? 'TRIBUTARY_LOG' : 'TRIBUTARY_STATE';
  const message = `The backup holds ${path}, but ${key} names no folder`;
  throw new TributaryError('config_invalid', message);
}

function refuseUsed(config: Config, placed: readonly PlacedFile[]): void {
  const { log, state } = engineFolders(config);
  const inUse = [config.data, state ?? config.data].flatMap((folder) =>
    namesIn(folder)
      .filter((name) => used.test(name))
      .map((name) => join(folder, name)),
  );
  const targets = placed.map(({ target }) => target);
  const first = [...inUse, ...(log === undefined ? [] : [log]), ...targets].find(holdsFiles);
  if (first === undefined) return;
  const message = `${first} is there already: move it away first, a backup is not mixed with what is in use`;
  throw new TributaryError('config_invalid', message);
}

function holdsFiles(path: string): boolean {
  if (!existsSync(path) || !statSync(path).isDirectory()) return existsSync(path);
  return readdirSync(path, { recursive: true, withFileTypes: true }).some((one) => one.isFile());
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
