export {
  type EventuallyOptions,
  eventually,
  eventuallyMs,
} from '../../src/core/testing/eventually.ts';
