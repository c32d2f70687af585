/** The system's name of an error (`ENOENT`), undefined when it has none. */
export function errorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
