/** One outgoing request. Redirects are never followed. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Bound on the whole exchange, milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Bytes of the answer that are read; default `limits.answerBytes`. */
  readonly answerBytes?: number;
  /** True: the body of the answer is wanted as bytes, in `HttpAnswer.bytes`. */
  readonly asBytes?: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** At most `answerBytes` of the request; the rest is thrown away. */
  readonly body: string;
  /** The body as it came, where the request has `asBytes`; `body` is '' then. */
  readonly bytes?: Uint8Array;
}

/** Why there was no answer. `refused` is the target guard: not worth repeating. The others are. */
export type HttpFailure = {
  readonly failure: 'refused' | 'timeout' | 'network' | 'invalid_url';
  readonly message: string;
};

/** The one way out to other servers: a keep-alive pool with time-outs and the target-address guard. Never throws. */
export interface Http {
  request(request: HttpRequest): Promise<HttpAnswer | HttpFailure>;
}
