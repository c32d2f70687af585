import { join } from 'node:path';
import { go } from '../services/toolchains.ts';
import { behavesAsPublished } from './behaves.ts';
import { type Job, startDriver } from './driver.ts';
import { goBuild } from './install/go-build.ts';
import type { Sdk } from './sdk.ts';

const folder = join(import.meta.dirname, 'go');
const driver = (name: string) => (job: Job) =>
  startDriver([goBuild(name, join(folder, name), join(folder, 'main.go'))], job);

/** What both have in its own back-off, and that the struct of a page has no category. */
const shared = {
  library: 'analytics-go',
  skip: go.find() === undefined && 'no go here',
  lacks: { page: ['category'] },
  ordered: false,
  after429: 'own back-off',
  after503: 'own back-off',
  countsRetries: false,
  whenClosed: 'drops and reports them',
} as const;

const segment: Sdk = { name: 'analytics-go 3.3.0', start: driver('segment'), ...shared };

const rudderstack: Sdk = {
  name: 'rudderlabs/analytics-go 4.2.0',
  start: driver('rudderstack'),
  ...shared,
};

behavesAsPublished(segment);
behavesAsPublished(rudderstack);
