import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './rig/repository.ts';

/** Every file under these folders of the repository, as paths from its root, sorted. */
export function filesUnder(...folders: readonly string[]): string[] {
  return folders
    .filter((folder) => existsSync(join(repository, folder)))
    .flatMap((folder) =>
      readdirSync(join(repository, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(repository.length + 1)),
    )
    .sort();
}
