import { TributaryError } from '../../../core/errors.ts';

/**
 * The body of a request, whatever media type it is labelled with: curl's `-d` says that it is a form. The
 * examples of Segment's documents quote with apostrophes, to let the shell fill in variables; that is read too.
 * Rejects with `input_validation`.
 */
export async function readBody(text: string): Promise<unknown> {
  if (text.trim() === '') return undefined;
  try {
    return /^\s*\{\s*'/.test(text) ? await parseYaml(text) : JSON.parse(text);
  } catch (cause) {
    throw new TributaryError('input_validation', 'The body is not valid JSON', { cause });
  }
}

async function parseYaml(text: string): Promise<unknown> {
  const { parse } = await import('yaml');
  return parse(text, { maxAliasCount: 0 });
}
