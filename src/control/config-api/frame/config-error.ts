import { TributaryError } from '../../../core/errors.ts';
import { errorAnswer } from '../../public-api/frame/error-envelope.ts';

/** An error as clients of the Config API read it: `error` and `message` are the same text (spec config-api §1). */
export interface ConfigError {
  readonly status: number;
  readonly body: { readonly error: string; readonly code: number; readonly message: string };
}

/** The statuses of the Config API and their codes, which are those of gRPC (seed 002, Errors). */
const configCodes: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  409: 6,
  429: 8,
  500: 13,
  501: 12,
  503: 14,
};

/** Statuses of the Public API that this one does not have. */
const statusFor: Readonly<Record<number, number>> = {
  405: 404,
  408: 400,
  413: 400,
  415: 400,
  422: 400,
};

/** Any exception as an answer. What is no operating error is a defect: 500, without its text. */
export function configError(error: unknown): ConfigError {
  const { status: given, body } = errorAnswer(error);
  const status = statusFor[given] ?? (given in configCodes ? given : 500);
  const texts = body.errors.map(({ message }) => message);
  const text = error instanceof TributaryError ? error.message : texts.join('; ');
  return { status, body: { error: text, code: configCodes[status] ?? 13, message: text } };
}
