/**
 * Makes docs/reference/library-actions.md anew: `bin/run --dev test/vendored/refresh-library-actions.ts`.
 * test/library-actions.test.ts knows when it has to be run.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { actionsPage, actionsPagePath } from '../library/actions-page.ts';
import { examples } from '../library/examples.ts';
import { packageManifest } from '../library/package-manifest.ts';
import { tryExamples } from '../library/try-examples.ts';
import { repository } from '../rig/repository.ts';

const tried = await tryExamples(await examples(packageManifest()));
writeFileSync(join(repository, actionsPagePath), await actionsPage(tried));
