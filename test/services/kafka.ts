import { java } from './toolchains.ts';

/** Kafka runs on Java and comes by Maven: the same programs that the SDK for Java needs. */
export const kafka = {
  ...java,
  name: 'kafka',
  neededBy: /^test\/(kafka|cluster|operating)\/|^test\/deploy\/cluster/,
};
