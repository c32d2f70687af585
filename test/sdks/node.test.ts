import { join } from 'node:path';
import { behavesAsPublished } from './behaves.ts';
import { type Job, startDriver } from './driver.ts';
import type { Sdk } from './sdk.ts';

const driver = (file: string) => (job: Job) =>
  startDriver([process.execPath, join(import.meta.dirname, 'node', file)], job);

const segment: Sdk = {
  name: '@segment/analytics-node 3.1.0',
  library: '@segment/analytics-node',
  skip: false,
  start: driver('run-analytics-node.ts'),
  ordered: false,
  after429: 'Retry-After',
  after503: 'own back-off',
  countsRetries: true,
  whenClosed: 'sends them',
};

/** Both are the same code at heart. */
const legacy = {
  library: 'analytics-node',
  skip: false,
  sendsFirstAlone: true,
  ordered: false,
  countsRetries: false,
  whenClosed: 'sends them',
} as const;

behavesAsPublished(segment);
behavesAsPublished({
  name: 'analytics-node 6.2.0',
  start: driver('run-legacy.ts'),
  after429: 'own back-off',
  after503: 'own back-off',
  ...legacy,
});
behavesAsPublished({
  name: '@rudderstack/rudder-sdk-node 3.0.13',
  start: driver('run-rudderstack.ts'),
  after429: 'Retry-After',
  after503: 'Retry-After',
  ...legacy,
});
