import { STATUS_CODES } from 'node:http';
import { type HeadersInit, LibraryHeaders } from './library-headers.ts';

interface ResponseInit {
  readonly status?: number;
  readonly statusText?: string;
  readonly headers?: HeadersInit;
  readonly url?: string;
}

/**
 * `Response` as the library uses it. Its body is there as a whole, so it may be read more than once and a clone is
 * itself: the library reads one of each answer, and waits for ever where that is larger than a buffer.
 */
export class LibraryResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: LibraryHeaders;
  readonly url: string;
  readonly redirected = false;
  readonly type = 'default';
  readonly bodyUsed = false;
  readonly #body: string;

  constructor(body?: unknown, init: ResponseInit = {}) {
    this.status = init.status ?? 200;
    this.statusText = init.statusText ?? STATUS_CODES[this.status] ?? '';
    this.headers = new LibraryHeaders(init.headers);
    this.url = init.url ?? '';
    this.#body = body === undefined || body === null ? '' : String(body);
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  clone(): this {
    return this;
  }

  text(): Promise<string> {
    return Promise.resolve(this.#body);
  }

  async json(): Promise<unknown> {
    return JSON.parse(this.#body);
  }

  arrayBuffer(): Promise<ArrayBuffer> {
    return Promise.resolve(new TextEncoder().encode(this.#body).buffer);
  }

  buffer(): Promise<Buffer> {
    return Promise.resolve(Buffer.from(this.#body));
  }
}
