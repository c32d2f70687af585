import { RE2JS, RE2JSException } from 're2js';

/**
 * Compiles a pattern as tracking plans have it: the dialect of RE2, found anywhere in the text unless it is anchored,
 * in time linear in the text whatever the pattern. Undefined when it is none. Large: import it where it is needed.
 */
export function compilePattern(pattern: string): ((text: string) => boolean) | undefined {
  try {
    const compiled = RE2JS.compile(pattern);
    return (text) => compiled.test(text);
  } catch (error) {
    if (error instanceof RE2JSException) return undefined;
    throw error;
  }
}
