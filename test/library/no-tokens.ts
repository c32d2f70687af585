import type { TokenStore } from '../../src/destinations/library/tokens/token-store.ts';

/** Nothing is kept. */
export const noTokens: TokenStore = {
  read: () => Promise.resolve(undefined),
  write: () => Promise.resolve(),
};
