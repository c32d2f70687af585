import type { Guest } from './guest.ts';

/** `_`, `moment`, `xml2js`, `uuidv5`, `OAuth`, `https` and `jsonwebtoken`. */
export function installLibraries(guest: Guest): void {
  const { call } = guest;
  type Listener = (...values: readonly unknown[]) => void;

  /** The few methods of Node's emitter that the libraries call. */
  function EventEmitter(): void {}
  const listenersOf = (emitter: object, event: string): Listener[] => {
    const key = `_on_${event}`;
    const known: unknown = Reflect.get(emitter, key);
    if (Array.isArray(known)) return known;
    const made: Listener[] = [];
    Object.defineProperty(emitter, key, { value: made });
    return made;
  };
  const remove = function (this: object, event: string, listener: Listener): object {
    const all = listenersOf(this, event);
    const at = all.indexOf(listener);
    if (at >= 0) all.splice(at, 1);
    return this;
  };
  const add = function (this: object, event: string, listener: Listener): object {
    listenersOf(this, event).push(listener);
    return this;
  };
  Object.assign(EventEmitter.prototype, {
    on: add,
    addListener: add,
    off: remove,
    removeListener: remove,
    once(this: object, event: string, listener: Listener) {
      const once: Listener = (...values) => {
        remove.call(this, event, once);
        listener(...values);
      };
      return add.call(this, event, once);
    },
    removeAllListeners(this: object, event?: string) {
      if (event !== undefined) listenersOf(this, event).length = 0;
      return this;
    },
    listeners(this: object, event: string) {
      return [...listenersOf(this, event)];
    },
    emit(this: object, event: string, ...values: readonly unknown[]) {
      const all = [...listenersOf(this, event)];
      for (const listener of all) Reflect.apply(listener, this, values);
      return all.length > 0;
    },
  });
  const emitter = (more: object): object =>
    Object.assign(Object.create(EventEmitter.prototype), more);
  const emit = (target: object, event: string, ...values: readonly unknown[]): void => {
    const listeners = [...listenersOf(target, event)];
    for (const listener of listeners) Reflect.apply(listener, target, values);
  };
  guest.modules['events'] = () => Object.assign(EventEmitter, { EventEmitter });

  interface Options {
    readonly host?: unknown;
    readonly hostname?: unknown;
    readonly port?: unknown;
    readonly path?: unknown;
    readonly method?: unknown;
    readonly headers?: unknown;
  }
  /** `request` and `get` of Node's modules for HTTP, on top of `fetch`. */
  const client = (scheme: string): object => {
    const request = (target: unknown, ...rest: readonly unknown[]): object => {
      const done = rest.at(-1);
      const more = typeof rest[0] === 'object' && rest[0] !== null ? rest[0] : {};
      const plain = typeof target === 'string' || target instanceof URL;
      const options: Options = Object.assign({}, plain ? {} : target, more);
      const port = options.port ? `:${String(options.port)}` : '';
      const host = String(options.hostname ?? options.host ?? 'localhost');
      const address = plain ? String(target) : `${scheme}://${host}${port}${options.path ?? '/'}`;
      const parts: Uint8Array[] = [];
      const controller = new AbortController();
      const write = (data: unknown): void => {
        parts.push(data instanceof Uint8Array ? data : Buffer.from(String(data)));
      };
      const made = emitter({
        write,
        setTimeout: () => made,
        abort: () => controller.abort(),
        destroy: () => controller.abort(),
        end: (data?: unknown) => {
          if (data !== undefined && data !== null && typeof data !== 'function') write(data);
          const body = parts.length === 0 ? undefined : Buffer.concat(parts);
          const method = String(options.method ?? 'GET');
          const headers = Object.entries(options.headers ?? {}).filter(
            ([name]) => !['host', 'content-length', 'connection'].includes(name.toLowerCase()),
          );
          const init = { method, headers: Object.fromEntries(headers), signal: controller.signal };
          const sent = fetch(address, { ...init, redirect: 'manual', ...(body ? { body } : {}) });
          void sent.then(
            async (answer) => {
              const bytes = Buffer.from(await answer.arrayBuffer());
              let encoding: BufferEncoding | undefined;
              const response = emitter({
                statusCode: answer.status,
                statusMessage: answer.statusText,
                headers: Object.fromEntries(answer.headers),
                resume: () => response,
                setEncoding: (name: BufferEncoding) => {
                  encoding = name;
                },
              });
              emit(made, 'response', response);
              if (typeof done === 'function') done(response);
              emit(response, 'data', encoding === undefined ? bytes : bytes.toString(encoding));
              emit(response, 'end');
              emit(response, 'close');
            },
            (error: unknown) => emit(made, 'error', error),
          );
          return made;
        },
      });
      return made;
    };
    const get = (target: unknown, ...rest: readonly unknown[]): object => {
      const made = request(target, ...rest);
      const end: unknown = Reflect.get(made, 'end');
      if (typeof end === 'function') end();
      return made;
    };
    return { request, get, Agent: EventEmitter };
  };
  guest.modules['https'] = () => client('https');
  guest.modules['http'] = () => client('http');

  guest.lazy('https', () => guest.require('https'));
  guest.lazy('_', () => guest.require('lodash'));
  guest.lazy('moment', () => guest.require('moment-timezone'));
  guest.lazy('xml2js', () => guest.require('xml2js'));
  guest.lazy('OAuth', () => guest.require('oauth'));

  guest.lazy('uuidv5', () => {
    const spaces: Record<string, string> = {
      dns: '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
      url: '6ba7b811-9dad-11d1-80b4-00c04fd430c8',
      oid: '6ba7b812-9dad-11d1-80b4-00c04fd430c8',
      x500: '6ba7b814-9dad-11d1-80b4-00c04fd430c8',
      null: '00000000-0000-0000-0000-000000000000',
    };
    const uuidv5 = (space: unknown, name: unknown): string => {
      const id = (spaces[String(space)] ?? String(space)).replaceAll('-', '');
      if (!/^[0-9a-f]{32}$/i.test(id)) throw new TypeError(`${String(space)} is not a namespace`);
      const digest = call(
        'hash',
        'sha1',
        new Uint8Array(Buffer.from(id + Buffer.from(String(name)).toString('hex'), 'hex')),
      );
      const bytes = Buffer.from(digest instanceof Uint8Array ? digest : new Uint8Array(16));
      bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
      bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
      const hex = bytes.toString('hex');
      const cuts = [0, 8, 12, 16, 20, 32];
      return cuts
        .slice(1)
        .map((end, at) => hex.slice(cuts[at], end))
        .join('-');
    };
    // It is documented as an object that holds itself; code replaces the global by what it holds.
    return Object.assign(uuidv5, { uuidv5, spaces });
  });

  guest.lazy('jsonwebtoken', () => {
    const named = (name: string): (new (message?: string) => Error) => {
      const made = class extends Error {
        override name = name;
      };
      return made;
    };
    const errors = {
      JsonWebTokenError: named('JsonWebTokenError'),
      TokenExpiredError: named('TokenExpiredError'),
      NotBeforeError: named('NotBeforeError'),
    };
    const ask = (operation: string, ...values: readonly unknown[]): unknown => {
      try {
        return JSON.parse(String(call(operation, ...values)));
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        const { TokenExpiredError, NotBeforeError, JsonWebTokenError } = errors;
        const { name, message } = error;
        if (name === 'TokenExpiredError') throw new TokenExpiredError(message);
        if (name === 'NotBeforeError') throw new NotBeforeError(message);
        throw new JsonWebTokenError(message);
      }
    };
    type Done = (error: unknown, value?: unknown) => void;
    /** With a callback as the last argument, it is told; else the value is returned. */
    const either = (values: unknown[], work: (...values: unknown[]) => unknown): unknown => {
      if (typeof values.at(-1) !== 'function' || values.length < 3) return work(...values);
      const done = values.pop();
      if (typeof done !== 'function') return undefined;
      void Promise.resolve()
        .then(() => work(...values))
        .then(
          (value) => done(null, value),
          (error: unknown) => done(error),
        );
      return undefined;
    };
    const keyOf = (key: unknown): unknown =>
      key instanceof Uint8Array ? new Uint8Array(key) : typeof key === 'object' ? { ...key } : key;
    const decode = (token: unknown, options: unknown = {}): unknown =>
      ask('jwt.decode', String(token), JSON.stringify(options));
    return {
      ...errors,
      decode,
      sign: (...all: unknown[]) =>
        either(all, (payload, key, options = {}) =>
          ask('jwt.sign', JSON.stringify(payload), keyOf(key), JSON.stringify(options)),
        ),
      verify: (...all: unknown[]) =>
        either(all, (token, key, options = {}) => {
          const check = (good: unknown): unknown =>
            ask('jwt.verify', String(token), keyOf(good), JSON.stringify(options));
          if (typeof key !== 'function') return check(key);
          const whole = decode(token, { complete: true });
          const header =
            typeof whole === 'object' && whole !== null && 'header' in whole ? whole.header : {};
          return new Promise((resolve, reject) => {
            const found: Done = (error, good) => {
              if (error) return reject(error);
              try {
                resolve(check(good));
              } catch (problem) {
                reject(problem);
              }
            };
            key(header, found);
          });
        }),
    };
  });
}
