import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { AssertionFile } from '../../ingest/oauth/used-assertions.ts';
import { replaceFile } from './replace-file.ts';

/** The used assertions of OAuth clients in one file; `used-assertions.ts` says what stands in it. */
export function createAssertionFile(path: string): AssertionFile {
  return {
    read: () => (existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []),
    append: (line) => appendFileSync(path, `${line}\n`, { mode: 0o600 }),
    replace: (lines) => replaceFile(path, lines.map((line) => `${line}\n`).join('')),
  };
}
