/** `npm run reference`: writes the pages of docs/reference from the tables in the source. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pages } from './reference/pages.ts';
import { repository } from './rig/repository.ts';

for (const [path, text] of pages()) {
  writeFileSync(join(repository, path), text);
  console.log(path);
}
