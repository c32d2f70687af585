/**
 * Makes `vendor/action-destinations` anew from the installed `@segment/action-destinations`: `bin/run --dev
 * test/vendored/refresh-action-destinations.ts`. Why the files are kept here rather than made at the start, stands
 * in docs/decisions/destination-catalog.md; test/library-catalog.test.ts knows when it has to be run.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../rig/repository.ts';
import { describeLibrary } from './action-destinations/describe-library.ts';

const folder = join(repository, 'vendor', 'action-destinations');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const [name, text] of describeLibrary()) writeFileSync(join(folder, name), text);
