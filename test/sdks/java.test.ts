import { join } from 'node:path';
import { java } from '../services/toolchains.ts';
import { behavesAsPublished } from './behaves.ts';
import { type Job, startDriver } from './driver.ts';
import { javac } from './install/javac.ts';
import type { Sdk } from './sdk.ts';

const driver = (file: string, library: string) => (job: Job) =>
  startDriver(['java', ...javac(join(import.meta.dirname, 'java', file), library)], job);

const shared = {
  skip: java.find() === undefined && 'no JDK with Maven here',
  dropsNulls: true,
  ordered: true,
  after429: 'own back-off',
  after503: 'own back-off',
  countsRetries: false,
  closesInHaste: true,
  whenClosed: 'drops them silently',
} as const;

const segment: Sdk = {
  name: 'analytics-java 3.5.4',
  library: 'analytics-java',
  start: driver('Segment.java', 'com.segment.analytics.java:analytics:3.5.4'),
  ...shared,
};

const rudderstack: Sdk = {
  name: 'rudder-sdk-java 3.1.2',
  library: 'analytics-java',
  start: driver('Rudderstack.java', 'com.rudderstack.sdk.java.analytics:analytics:3.1.2'),
  ...shared,
};

behavesAsPublished(segment);
behavesAsPublished(rudderstack);
