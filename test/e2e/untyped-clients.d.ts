// The legacy client ships no types. Only what the tests call.
declare module 'analytics-node' {
  export default class Analytics {
    constructor(writeKey: string, options: { host: string; flushInterval?: number });
    identify(message: object): this;
    track(message: object): this;
    page(message: object): this;
    screen(message: object): this;
    group(message: object): this;
    alias(message: object): this;
    flush(): Promise<unknown>;
  }
}
