import { compileCondition } from '../../core/fql/compile-fql.ts';
import { limits } from '../../core/limits.ts';
import type { InputProblem } from '../input-failure.ts';

/** What is wrong with a condition in FQL (or `all`), with the position of the character; nothing when it compiles. */
export function conditionProblem(field: string, text: string): InputProblem[] {
  if (Buffer.byteLength(text) > limits.fqlBytes) {
    return [{ field, message: `"${field}" must be shorter than ${limits.fqlBytes} bytes` }];
  }
  const compiled = compileCondition(text);
  if (compiled.ok) return [];
  const { position, message } = compiled.problem;
  return [
    { field, message: `"${field}" is not valid FQL, at character ${position + 1}: ${message}` },
  ];
}
