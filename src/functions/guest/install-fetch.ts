import type { Guest } from './guest.ts';

/** `fetch`, `Headers`, `Response`, `AbortController`, as node-fetch has them. The host sends; see fetch-for.ts. */
export function installFetch(guest: Guest): void {
  const { call, pending } = guest;

  const pairsOf = (init: unknown): [string, string][] => {
    if (typeof init !== 'object' || init === null) return [];
    const entries: unknown[] =
      Symbol.iterator in init ? Array.from(init as Iterable<unknown>) : Object.entries(init);
    return entries.flatMap((entry): [string, string][] => {
      const [name, value] = Array.isArray(entry) ? entry : [];
      if (value === undefined) return [];
      return [[String(name), Array.isArray(value) ? value.join(', ') : String(value)]];
    });
  };

  const List = class Headers {
    readonly #values = new Map<string, string>();
    constructor(init?: unknown) {
      for (const [name, value] of pairsOf(init)) this.append(name, value);
    }
    append(name: unknown, value: unknown): void {
      const key = String(name).toLowerCase();
      if (!/^[!#$%&'*+\-.^_`|~\w]+$/.test(key)) throw new TypeError(`${name} is not a header name`);
      const before = this.#values.get(key);
      const text = String(value).trim();
      this.#values.set(key, before === undefined ? text : `${before}, ${text}`);
    }
    set(name: unknown, value: unknown): void {
      this.#values.delete(String(name).toLowerCase());
      this.append(name, value);
    }
    get(name: unknown): string | null {
      return this.#values.get(String(name).toLowerCase()) ?? null;
    }
    has(name: unknown): boolean {
      return this.#values.has(String(name).toLowerCase());
    }
    delete(name: unknown): void {
      this.#values.delete(String(name).toLowerCase());
    }
    forEach(task: (value: string, name: string, all: Headers) => void): void {
      for (const [name, value] of this) task(value, name, this);
    }
    /** As node-fetch 2 has it: a list for each name. */
    raw(): Record<string, string[]> {
      return Object.fromEntries([...this].map(([name, value]) => [name, [value]]));
    }
    keys(): IterableIterator<string> {
      return [...this].map(([name]) => name).values();
    }
    values(): IterableIterator<string> {
      return [...this].map(([, value]) => value).values();
    }
    entries(): IterableIterator<[string, string]> {
      return [...this.#values].sort(([a], [b]) => (a < b ? -1 : 1)).values();
    }
    [Symbol.iterator](): IterableIterator<[string, string]> {
      return this.entries();
    }
    toJSON(): Record<string, string> {
      return Object.fromEntries(this);
    }
  };

  const Failure = class FetchError extends Error {
    override readonly name: string = 'FetchError';
  };
  const Abort = class AbortError extends Error {
    override readonly name = 'AbortError';
    readonly type = 'aborted';
  };

  const Signal = class AbortSignal {
    aborted = false;
    reason: unknown;
    readonly #listeners = new Set<() => void>();
    onabort: (() => void) | null = null;
    addEventListener(_type: unknown, listener: () => void): void {
      this.#listeners.add(listener);
    }
    removeEventListener(_type: unknown, listener: () => void): void {
      this.#listeners.delete(listener);
    }
    throwIfAborted(): void {
      if (this.aborted) throw this.reason;
    }
    fire(reason?: unknown): void {
      if (this.aborted) return;
      this.aborted = true;
      this.reason = reason ?? new Abort('The operation was aborted.');
      for (const listener of this.#listeners) listener();
      this.onabort?.();
    }
    static abort(reason?: unknown): AbortSignal {
      const made = new AbortSignal();
      made.fire(reason);
      return made;
    }
    static timeout(ms: unknown): AbortSignal {
      const made = new AbortSignal();
      pending.set(Number(call('timer', Number(ms) || 0)), () => made.fire());
      return made;
    }
  };
  const Controller = class AbortController {
    readonly signal = new Signal();
    abort(reason?: unknown): void {
      this.signal.fire(reason);
    }
  };

  interface Answered {
    readonly status: number;
    readonly headers: unknown;
    readonly url: string;
    readonly redirected: boolean;
  }
  const Answer = class Response {
    readonly status: number;
    readonly statusText: string;
    readonly ok: boolean;
    readonly url: string;
    readonly redirected: boolean;
    readonly headers: InstanceType<typeof List>;
    readonly #bytes: Uint8Array;
    bodyUsed = false;
    constructor(body?: unknown, init: Partial<Answered> & { statusText?: string } = {}) {
      this.status = init.status ?? 200;
      this.statusText = init.statusText ?? '';
      this.ok = this.status >= 200 && this.status < 300;
      this.url = init.url ?? '';
      this.redirected = init.redirected ?? false;
      this.headers = new List(init.headers);
      this.#bytes = body instanceof Uint8Array ? body : Buffer.from(String(body ?? ''));
    }
    #take(): Uint8Array {
      if (this.bodyUsed) throw new TypeError('body used already');
      this.bodyUsed = true;
      return this.#bytes;
    }
    async text(): Promise<string> {
      const bytes = this.#take();
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
      return text.startsWith('\uFEFF') ? text.slice(1) : text;
    }
    async json(): Promise<unknown> {
      const text = await this.text();
      try {
        return JSON.parse(text);
      } catch (error) {
        const why = error instanceof Error ? error.message : '';
        throw new Failure(`invalid json response body at ${this.url} reason: ${why}`);
      }
    }
    async buffer(): Promise<Buffer> {
      return Buffer.from(this.#take());
    }
    async arrayBuffer(): Promise<ArrayBuffer> {
      const copy = new Uint8Array(this.#take());
      return copy.buffer;
    }
    clone(): Response {
      if (this.bodyUsed) throw new TypeError('cannot clone body after it is used');
      return new Response(this.#bytes, this);
    }
  };

  /** The body as the host takes it, and the Content-Type it stands for. */
  const bodyOf = (body: unknown): { content?: string | Uint8Array; type?: string } => {
    if (body === undefined || body === null) return {};
    if (typeof body === 'string') return { content: body, type: 'text/plain;charset=UTF-8' };
    if (body instanceof Uint8Array) return { content: new Uint8Array(body) };
    if (body instanceof ArrayBuffer) return { content: new Uint8Array(body) };
    if (body instanceof URLSearchParams) {
      const type = 'application/x-www-form-urlencoded;charset=UTF-8';
      return { content: body.toString(), type };
    }
    if (typeof body === 'object' && 'getBuffer' in body && typeof body.getBuffer === 'function') {
      const type =
        'getHeaders' in body && typeof body.getHeaders === 'function' ? body.getHeaders() : {};
      return { content: new Uint8Array(body.getBuffer()), type: String(type['content-type']) };
    }
    return { content: String(body), type: 'text/plain;charset=UTF-8' };
  };

  interface Init {
    method?: unknown;
    headers?: unknown;
    body?: unknown;
    redirect?: unknown;
    signal?: InstanceType<typeof Signal> | null;
    timeout?: unknown;
  }
  const send = (target: unknown, init: Init = {}): Promise<InstanceType<typeof Answer>> =>
    new Promise((resolve, reject) => {
      const { signal } = init;
      if (signal?.aborted) return reject(new Abort('The operation was aborted.'));
      const headers = new List(init.headers);
      const { content, type } = bodyOf(init.body);
      if (type !== undefined && !headers.has('content-type')) headers.set('content-type', type);
      if (!headers.has('accept')) headers.set('accept', '*/*');
      const method = String(init.method ?? 'GET').toUpperCase();
      const redirect = String(init.redirect ?? 'follow');
      const id = Number(call('fetch', method, String(target), [...headers], content, redirect));
      const giveUp = (error: unknown): void => {
        if (!pending.delete(id)) return;
        call('abandon', id);
        reject(error);
      };
      const onAbort = (): void => giveUp(new Abort('The user aborted a request.'));
      signal?.addEventListener('abort', onAbort);
      const limit = Number(init.timeout);
      const timer = limit > 0 ? Number(call('timer', limit)) : undefined;
      if (timer !== undefined) {
        const message = `network timeout at: ${String(target)}`;
        pending.set(timer, () =>
          giveUp(Object.assign(new Failure(message), { type: 'request-timeout' })),
        );
      }
      pending.set(id, (problem, status, list, url, redirected, bytes) => {
        signal?.removeEventListener('abort', onAbort);
        if (timer !== undefined && pending.delete(timer)) call('clear', timer);
        if (problem !== undefined) {
          const message = `request to ${String(target)} failed, reason: ${String(problem)}`;
          return reject(Object.assign(new Failure(message), { type: 'system' }));
        }
        const facts = { status: Number(status), headers: list, redirected: redirected === true };
        resolve(new Answer(bytes, { ...facts, url: String(url) }));
      });
    });

  guest.define('Headers', List);
  guest.define('Response', Answer);
  guest.define('FetchError', Failure);
  guest.define('AbortController', Controller);
  guest.define('AbortSignal', Signal);
  guest.define('fetch', async (target: unknown, init?: Init) => send(target, init));
}
