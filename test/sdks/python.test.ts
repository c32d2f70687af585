import { join } from 'node:path';
import { python } from '../services/toolchains.ts';
import { behavesAsPublished } from './behaves.ts';
import { type Job, startDriver } from './driver.ts';
import { pip } from './install/pip.ts';
import type { Sdk } from './sdk.ts';

const skip = python.find() === undefined && 'no python3 with pip here';

function driver(file: string, requirement: string): (job: Job) => ReturnType<typeof startDriver> {
  const program = join(import.meta.dirname, 'python', file);
  return (job) => {
    const path = pip(requirement);
    return startDriver(['python3', program], job, {
      PYTHONPATH: path,
      PYTHONDONTWRITEBYTECODE: '1',
    });
  };
}

const segment: Sdk = {
  name: 'segment-analytics-python 2.4.0',
  library: 'analytics-python',
  skip,
  start: driver('run_segment.py', 'segment-analytics-python==2.4.0'),
  ordered: true,
  after429: 'Retry-After',
  after503: 'Retry-After',
  countsRetries: false,
  whenClosed: 'sends them',
};

const rudderstack: Sdk = {
  name: 'rudder-sdk-python 2.1.9',
  library: 'analytics-python',
  skip,
  start: driver('run_rudderstack.py', 'rudder-sdk-python==2.1.9'),
  ordered: true,
  after429: 'own back-off',
  after503: 'own back-off',
  countsRetries: false,
  whenClosed: 'sends them',
};

behavesAsPublished(segment);
behavesAsPublished(rudderstack);
