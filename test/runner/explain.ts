/** So many lines of a failure stand in the list that closes a run. */
const mostLines = 12;
/** Longer lines are cut: what a test compares may be of any size. */
const mostColumns = 300;
/** Of those lines, so many say where. */
const placeLines = 2;

/** What a failure says first: its message, what caused it, and where in the repository it was. */
export function explain(error: unknown): string {
  if (isConsequence(error)) return '';
  const chain = causes(error);
  const places = chain.flatMap(placesIn).slice(0, placeLines);
  const said = chain.flatMap(({ message }) => message.split('\n'));
  return [...bounded(said, mostLines - places.length), ...places].join('\n');
}

/** What a program printed, where there is no more exact reason. */
export function firstLines(text: string): string {
  return bounded(text.split('\n'), mostLines).join('\n');
}

export function lastLines(text: string): string {
  return bounded(text.trimEnd().split('\n').slice(-mostLines), mostLines).join('\n');
}

/** A test of another one that failed, or that is given up with it: the other has the reason. */
function isConsequence(error: unknown): boolean {
  const type = error instanceof Error && 'failureType' in error ? error.failureType : '';
  return type === 'cancelledByParent' || type === 'subtestsFailed';
}

/** Of node:test's own error, which wraps what the test threw, only what it wraps. */
function causes(error: unknown): Pick<Error, 'message' | 'stack'>[] {
  if (!(error instanceof Error)) return [{ message: String(error) }];
  const wraps = 'code' in error && error.code === 'ERR_TEST_FAILURE' && error.cause !== undefined;
  if (wraps) return causes(error.cause);
  return error.cause instanceof Error ? [error, ...causes(error.cause)] : [error];
}

/** `at … test/e2e/alerts.test.ts:61:3`, without the folder in which the repository stands. */
function placesIn({ stack = '' }: Pick<Error, 'stack'>): string[] {
  const frames = stack.split('\n').filter((line) => /^\s+at .*\b(?:src|test|bench)\//.test(line));
  return frames.map((line) => line.replace(/(?:file:\/\/)?\/\S*?\/(?=(?:src|test|bench)\/)/, ''));
}

function bounded(lines: readonly string[], most: number): string[] {
  const kept = lines.filter((line) => line.trim() !== '').slice(0, most);
  return kept.map((line) => (line.length > mostColumns ? `${line.slice(0, mostColumns)}…` : line));
}
