import { cryptoCalls } from './crypto-calls.ts';
import type { HostOperation } from './host-operation.ts';
import { jwtCalls } from './jwt-calls.ts';
import { libraryText } from './library-text.ts';
import { textOf } from './read-call.ts';
import { urlCalls } from './url-calls.ts';
import { zlibCalls } from './zlib-calls.ts';

const operations: Readonly<Record<string, HostOperation>> = {
  ...cryptoCalls,
  ...jwtCalls,
  ...urlCalls,
  ...zlibCalls,
  module: ([from, name]) =>
    libraryText(textOf(from), textOf(name)) ?? {
      problem: `\`${textOf(name)}\` cannot be imported here.`,
    },
};

/** Undefined: there is no such operation. What goes wrong is an answer with `problem`. */
export function hostCall(operation: string, values: readonly unknown[]): unknown {
  if (!Object.hasOwn(operations, operation)) return undefined;
  return told(() => operations[operation]?.(values));
}

/** The answer of `work`, or what it throws as the sentence that code in the isolate then throws. */
export function told(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    // Neither the stack nor a cause: they speak of files of the host.
    if (!(error instanceof Error)) return { problem: 'It failed' };
    const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
    return { problem: error.message, name: error.name, ...code };
  }
}
