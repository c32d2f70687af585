import { RE2JS, RE2JSException } from 're2js';
import { limits } from './limits.ts';

/** A pattern that was compiled. */
export interface Pattern {
  /** Whether the text, or a part of it, fits. */
  test(text: string): boolean;
  /** How much a test may take for each character of the text, about. */
  readonly size: number;
}

/**
 * Compiles a pattern as tracking plans have it: the dialect of RE2, found anywhere in the text unless it is anchored.
 * A test takes time in proportion to text times `size` at most, whatever the pattern. Undefined when it is none, or is
 * larger than `limits.patternSize`. What this imports is large: import it where it is needed.
 */
export function compilePattern(pattern: string): Pattern | undefined {
  try {
    const compiled = RE2JS.compile(pattern);
    const size = compiled.programSize();
    if (size > limits.patternSize) return undefined;
    return { size, test: (text) => compiled.test(text) };
  } catch (error) {
    if (error instanceof RE2JSException) return undefined;
    throw error;
  }
}
