// The legacy client ships no types. Only what the tests call.
declare module 'analytics-node' {
  interface LegacyOptions {
    host: string;
    flushAt?: number;
    flushInterval?: number;
    retryCount?: number;
    errorHandler?: (problem: unknown) => void;
  }
  type Told = (problem?: unknown) => void;
  export default class Analytics {
    constructor(writeKey: string, options: LegacyOptions);
    identify(message: object, told?: Told): this;
    track(message: object, told?: Told): this;
    page(message: object, told?: Told): this;
    screen(message: object, told?: Told): this;
    group(message: object, told?: Told): this;
    alias(message: object, told?: Told): this;
    flush(): Promise<unknown>;
  }
}
