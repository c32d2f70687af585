import { fileURLToPath } from 'node:url';

/** The checkout that is being tested, without a trailing slash. */
export const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
