export { eventually, eventuallyMs } from '../../src/core/testing/eventually.ts';
