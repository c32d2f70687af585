import { type HeadersInit, LibraryHeaders } from './library-headers.ts';

/** What the library gives with a request; what it does not name here, such as an agent, is not looked at. */
export interface RequestInit {
  readonly method?: string;
  readonly headers?: HeadersInit;
  readonly body?: unknown;
  readonly signal?: AbortSignal | null;
  /** Milliseconds, or false for none. */
  readonly timeout?: number | false;
}

/** `Request` as the library uses it: a URL, a method, headers and a whole body. */
export class LibraryRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: LibraryHeaders;
  readonly body: string | Uint8Array | undefined;
  readonly signal: AbortSignal | undefined;
  /** Milliseconds; undefined where the definition names none. */
  readonly timeoutMs: number | undefined;

  /** Throws a TypeError for a URL that is none, and for a body on a GET, as every `fetch` does. */
  constructor(input: string | URL | LibraryRequest, init: RequestInit = {}) {
    const before = input instanceof LibraryRequest ? input : undefined;
    this.url = before?.url ?? new URL(String(input)).href;
    this.method = (init.method ?? before?.method ?? 'GET').toUpperCase();
    this.headers = new LibraryHeaders(init.headers ?? before?.headers);
    this.signal = init.signal ?? before?.signal;
    this.timeoutMs = typeof init.timeout === 'number' ? init.timeout : before?.timeoutMs;
    const { body } = init;
    if (body === undefined || body === null) {
      this.body = before?.body;
      return;
    }
    if (this.method === 'GET' || this.method === 'HEAD') {
      throw new TypeError('Request with GET/HEAD method cannot have body');
    }
    this.body = plainBody(body);
    const type = typeOf(body);
    if (type !== undefined && !this.headers.has('content-type')) {
      this.headers.set('content-type', type);
    }
  }

  clone(): LibraryRequest {
    return new LibraryRequest(this);
  }

  text(): Promise<string> {
    return Promise.resolve(textOf(this.body));
  }

  json(): Promise<unknown> {
    return this.text().then((text) => JSON.parse(text));
  }
}

function plainBody(body: unknown): string | Uint8Array {
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  if (ArrayBuffer.isView(body)) {
    return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  }
  return String(body);
}

function typeOf(body: unknown): string | undefined {
  if (typeof body === 'string') return 'text/plain;charset=UTF-8';
  if (body instanceof URLSearchParams) return 'application/x-www-form-urlencoded;charset=UTF-8';
  return undefined;
}

function textOf(body: string | Uint8Array | undefined): string {
  return typeof body === 'string' ? body : Buffer.from(body ?? []).toString('utf8');
}
