/** What the environment says to the runner. */
export const env = {
  /** On the build machine nothing is skipped: what cannot run there is a failure. */
  ci: process.env['CI'] === 'true',
  /** Path of a Chromium, where it is not one of the usual. */
  chromium: process.env['CHROMIUM'],
  path: process.env['PATH'] ?? '',
  /** URL of a PostgreSQL server for the test files that run on both engines of the state store. */
  postgres: process.env['TRIBUTARY_TEST_POSTGRES'],
} as const;

/** The environment of a test: the same whatever mode the caller is in. */
export function testEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const inherited = { ...process.env };
  delete inherited['NODE_ENV'];
  delete inherited['NODE_TEST_CONTEXT'];
  return { ...inherited, ...more };
}
