import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file system of its own, small enough to be filled. */
export interface SmallDisk {
  readonly path: string;
  /** Takes space until about `megabytes` are free. */
  fillTo(megabytes: number): void;
  /** Gives back what was taken. */
  free(): void;
  unmount(): void;
}

/** Mounts an ext4 of `megabytes` from a sparse file; undefined where we may not (it needs root and loop devices). */
export function smallDisk(folder: string, megabytes: number): SmallDisk | undefined {
  const image = join(folder, 'disk.img');
  const path = join(folder, 'disk');
  const filler = join(path, 'filler');
  try {
    writeFileSync(image, '');
    truncateSync(image, megabytes * 2 ** 20);
    mkdirSync(path);
    execFileSync('mkfs.ext4', ['-q', '-F', '-m', '0', image], { stdio: 'ignore' });
    execFileSync('mount', ['-o', 'loop', image, path], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  const freeMegabytes = () =>
    Number(execFileSync('stat', ['-f', '-c', '%a', path], { encoding: 'utf8' })) / 256;
  return {
    path,
    fillTo: (left) => {
      const size = Math.max(0, Math.floor(freeMegabytes() - left));
      execFileSync('fallocate', ['-l', `${size}MiB`, filler]);
    },
    free: () => rmSync(filler),
    unmount: () => {
      execFileSync('umount', ['-l', path]);
    },
  };
}
