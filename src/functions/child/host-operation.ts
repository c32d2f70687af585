/**
 * What code in an isolate may ask of the process around it, apart from requests and timers. The
 * values are copies, never objects of the isolate; an answer is copied too. Each is bounded, because
 * the isolate and the loop of the process wait for it.
 */
export type HostOperation = (values: readonly unknown[]) => unknown;
