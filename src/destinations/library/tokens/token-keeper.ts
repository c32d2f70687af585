import type { DeliveryResult } from '../../../core/destination.ts';
import type { Tokens } from '../package/library-package.ts';

/** What came of asking a vendor for another access token. */
export type MadeTokens =
  | { readonly ok: true; readonly tokens: Tokens | undefined }
  | { readonly ok: false; readonly result: DeliveryResult };

/** `retry`: the vendor could not be asked just now. */
export type Refreshed = 'refreshed' | 'none' | Extract<DeliveryResult, { kind: 'retry' }>;

/** The OAuth 2 tokens of one connection. */
export interface TokenKeeper {
  current(): Promise<Tokens>;
  /**
   * The access token `used` was refused: has another one made, once for all who ask at the same time, and keeps it.
   * `none`: there is no other.
   */
  refresh(used: Tokens, make: (tokens: Tokens) => Promise<MadeTokens>): Promise<Refreshed>;
}
