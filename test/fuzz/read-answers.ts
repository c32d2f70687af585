/** One answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** Takes apart what a server sends. `methods` are those of the requests: the answer to HEAD has no body. */
export class AnswerReader {
  readonly answers: WireAnswer[] = [];
  readonly #methods: readonly string[];
  #rest: Buffer = Buffer.alloc(0);

  constructor(methods: readonly string[]) {
    this.#methods = methods;
  }

  /** Bytes that are no whole answer. */
  get rest(): Buffer {
    return this.#rest;
  }

  add(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (let used = this.#next(); used > 0; used = this.#next()) {
      this.#rest = this.#rest.subarray(used);
    }
  }

  /** Takes one answer off the front; returns its bytes, 0 while it is not whole. */
  #next(): number {
    const end = this.#rest.indexOf('\r\n\r\n');
    if (end < 0) return 0;
    const [first = '', ...lines] = this.#rest.toString('latin1', 0, end).split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1]);
    if (!(status >= 100)) return 0;
    const headers = new Map(
      lines.map((line): [string, string] => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    const from = end + 4;
    if (status < 200) return from;
    const method = this.#methods[this.answers.length];
    const found =
      method === 'HEAD' || status === 204 || status === 304
        ? { body: Buffer.alloc(0), to: from }
        : bodyFrom(this.#rest, from, headers);
    if (found === undefined) return 0;
    this.answers.push({ status, headers, body: found.body });
    return found.to;
  }
}

function bodyFrom(
  bytes: Buffer,
  from: number,
  headers: ReadonlyMap<string, string>,
): { readonly body: Buffer; readonly to: number } | undefined {
  if (headers.get('transfer-encoding') === 'chunked') return chunksFrom(bytes, from);
  const to = from + Number(headers.get('content-length') ?? 0);
  return bytes.length < to ? undefined : { body: bytes.subarray(from, to), to };
}

function chunksFrom(bytes: Buffer, from: number) {
  const chunks: Buffer[] = [];
  for (let at = from; ; ) {
    const line = bytes.indexOf('\r\n', at);
    if (line < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16);
    const end = line + 2 + size + 2;
    if (bytes.length < end) return undefined;
    if (size === 0) return { body: Buffer.concat(chunks), to: end };
    chunks.push(bytes.subarray(line + 2, end - 2));
    at = end;
  }
}
