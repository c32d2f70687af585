export { type EventuallyOptions, eventually } from '../../src/core/testing/eventually.ts';
