import { parse } from 'yaml';
import { TributaryError } from '../../../core/errors.ts';

/**
 * The body of a request, whatever media type it is labelled with: curl's `-d` says that it is a form. The
 * examples of Segment's documents quote with apostrophes, to let the shell fill in variables; that is read too.
 * Throws `input_validation`.
 */
export function readBody(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return /^\s*\{\s*'/.test(text) ? parse(text, { maxAliasCount: 0 }) : JSON.parse(text);
  } catch (cause) {
    throw new TributaryError('input_validation', 'The body is not valid JSON', { cause });
  }
}
