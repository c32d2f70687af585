import { type ErrorCode, errorTable, TributaryError } from '../../../core/errors.ts';
import type { Json } from '../../../core/json.ts';
import type { AnswerStyle } from '../../access/principal.ts';
import { InputFailure, type InputProblem } from '../../input-failure.ts';
import { RateLimited } from './rate-limited.ts';
import { describeProblems, isSchemaProblems } from './schema-problems.ts';

/** One error as clients read it (spec public-api §3). */
interface RequestError {
  readonly type: string;
  readonly message: string;
  readonly field?: string;
  readonly data: Json;
  readonly status: number;
}

export interface ErrorAnswer {
  readonly status: number;
  readonly body: { readonly errors: readonly RequestError[] };
}

/** Spellings that Segment's clients know; the other codes answer with hyphens. */
const types: Partial<Record<ErrorCode, string>> = {
  authentication_error: 'unauthorized',
  rate_limit_exceeded: 'RequestError',
};

/**
 * Any exception as an answer. What is not an operating error is a defect: 500, without its text. In the
 * style `seed`, what is wrong with the input is 400 (spec public-api-seed-differences §0).
 */
export function errorAnswer(error: unknown, answers: AnswerStyle = 'sdk'): ErrorAnswer {
  const found = exactAnswer(error);
  if (answers === 'sdk' || found.status !== 422) return found;
  const errors = found.body.errors.map((entry) => ({ ...entry, status: 400 }));
  return { status: 400, body: { errors } };
}

function exactAnswer(error: unknown): ErrorAnswer {
  if (error instanceof InputFailure) return inputAnswer(error.problems, error.answerStatus);
  if (error instanceof RateLimited) return answer(error, pointsOf(error));
  if (error instanceof TributaryError) return answer(error, null);
  if (!(error instanceof Error)) return defect;
  if ('validation' in error && isSchemaProblems(error.validation)) {
    return inputAnswer(describeProblems(error.validation));
  }
  const code = 'code' in error ? error.code : undefined;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return plain(413, 'payload-too-large', 'The body is too large');
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return plain(415, 'unsupported-media-type', 'The body must be application/json');
  }
  if (code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH') {
    return plain(400, 'bad-request', 'The body is not as long as Content-Length says');
  }
  if (code === 'FST_ERR_BAD_URL' || code === 'FST_ERR_MAX_PARAM_LENGTH') {
    return plain(400, 'bad-request', 'The path is malformed');
  }
  // What else the server framework says is the client's fault: a body without its type, an odd method.
  const isFramework = typeof code === 'string' && code.startsWith('FST_ERR_');
  const status = 'statusCode' in error ? Number(error.statusCode) : 500;
  if (isFramework && status >= 400 && status < 500) {
    return plain(status, 'bad-request', 'The request is malformed');
  }
  return defect;
}

const defect = plain(500, 'internal-error', 'An unexpected error occurred');

function plain(status: number, type: string, message: string): ErrorAnswer {
  return { status, body: { errors: [{ type, message, data: null, status }] } };
}

function answer(error: TributaryError, data: Json): ErrorAnswer {
  const { status } = error;
  const type = types[error.code] ?? error.code.replaceAll('_', '-');
  const field = error.field === undefined ? {} : { field: error.field };
  return {
    status,
    body: { errors: [{ type, message: error.message, ...field, data, status }] },
  };
}

function pointsOf({ state }: RateLimited): Json {
  return {
    remainingPoints: state.remaining,
    msBeforeNext: Math.ceil(state.resetMs),
    consumedPoints: state.consumed,
  };
}

function inputAnswer(
  problems: readonly InputProblem[],
  status: number = errorTable.input_validation.status,
): ErrorAnswer {
  return {
    status,
    body: {
      errors: problems.map(({ field, message }) => ({
        type: 'input-validation',
        message,
        ...(field === '' ? {} : { field }),
        data: null,
        status,
      })),
    },
  };
}
