import { once } from '../../once.ts';
import type { Method, Operation } from './operation.ts';

/** Answers which methods the operations take at a path; none where no operation has the path. */
export function methodsAt(operations: readonly Operation[]): (path: string) => readonly Method[] {
  const declared = once(() =>
    operations.flatMap(({ method, path, aliases = [] }) =>
      [path, ...aliases].map((one) => ({ method, pattern: patternOf(one) })),
    ),
  );
  return (path) => [
    ...new Set(
      declared()
        .filter(({ pattern }) => pattern.test(path))
        .map(({ method }) => method),
    ),
  ];
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`);
}
