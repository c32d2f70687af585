/**
 * One request of a delivery and what it was answered with, for people: what is known to be a secret is masked, texts are
 * cut to `limits.exchangeTextLength`.
 */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody: string;
  /** Absent where no answer came: `failure` says why. */
  readonly status?: number;
  readonly answerHeaders?: Readonly<Record<string, string>>;
  readonly answerBody?: string;
  readonly failure?: string;
  readonly durationMs: number;
}
