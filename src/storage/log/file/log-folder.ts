import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from './error-code.ts';
import { decodeFileHeader, type FileHeader, fileHeaderBytes } from './file-header.ts';

/** One file of a log as it lies on disk. */
export interface LogFile {
  readonly number: number;
  readonly bytes: number;
  /** Undefined when both copies are damaged. */
  readonly header: FileHeader | undefined;
  /** One of the two copies is damaged. */
  readonly headerDamaged: boolean;
}

const readAtOnce = 32;

export function logPath(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(8, '0')}.log`);
}

export function indexPath(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(8, '0')}.idx`);
}

/** Numbers of the files in the folder, ascending; none when there is no folder. */
export async function listLogNumbers(folder: string): Promise<number[]> {
  try {
    const numbers: number[] = [];
    for (const name of await readdir(folder)) {
      const match = /^(\d{8})\.log$/.exec(name);
      if (match) numbers.push(Number(match[1]));
    }
    return numbers.sort((a, b) => a - b);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Sizes and headers of files, in the order given; without those that are gone. */
export async function readLogFiles(folder: string, numbers: readonly number[]): Promise<LogFile[]> {
  const files: LogFile[] = [];
  for (let i = 0; i < numbers.length; i += readAtOnce) {
    const some = numbers.slice(i, i + readAtOnce).map((number) => readLogFile(folder, number));
    for (const file of await Promise.all(some)) if (file) files.push(file);
  }
  return files;
}

/** Size and header of one file; undefined when it is gone. */
export async function readLogFile(folder: string, number: number): Promise<LogFile | undefined> {
  try {
    const handle = await open(logPath(folder, number), 'r');
    try {
      const bytes = Buffer.alloc(fileHeaderBytes);
      const { bytesRead } = await handle.read(bytes, 0, fileHeaderBytes, 0);
      const decoded = decodeFileHeader(bytes.subarray(0, bytesRead));
      const header = decoded?.header.number === number ? decoded.header : undefined;
      return {
        number,
        bytes: (await handle.stat()).size,
        header,
        headerDamaged: header === undefined || decoded?.damaged === true,
      };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

export async function deleteLogFile(folder: string, number: number): Promise<void> {
  await rm(indexPath(folder, number), { force: true });
  await rm(logPath(folder, number), { force: true });
}
