import { TributaryError } from '../../../core/errors.ts';

/** The code of an error of the system, `ENOENT`; '' when it is none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** What the disk refused, as an operating error; anything else stays the bug it is. */
export function diskFailure(what: string, error: unknown): unknown {
  const code = codeOf(error);
  if (!/^E[A-Z0-9]+$/.test(code) || code.startsWith('ERR_')) return error;
  const message = `The disk refused ${what}: ${code}`;
  return new TributaryError('object_store_failed', message, { cause: error });
}
