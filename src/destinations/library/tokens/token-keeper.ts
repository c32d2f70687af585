import type { Tokens } from '../package/library-package.ts';

/** The OAuth 2 tokens of one connection. */
export interface TokenKeeper {
  current(): Promise<Tokens>;
  /**
   * The access token just used is refused: has another one made, once for all who ask at the same time, and keeps it.
   * False: there is no other.
   */
  refresh(make: (tokens: Tokens) => Promise<Tokens | undefined>): Promise<boolean>;
}

/** Of a destination that does not sign in with OAuth 2. */
export const noTokens: TokenKeeper = {
  current: () => Promise.resolve({}),
  refresh: () => Promise.resolve(false),
};
