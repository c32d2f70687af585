import type { Tokens } from '../package/library-package.ts';
import type { MadeTokens, Refreshed, TokenKeeper } from './token-keeper.ts';
import { originOf, type TokenStore } from './token-store.ts';

/** Tokens that begin as the settings have them, and live on in the store: several nodes may use, and refresh, the same. */
export class StoredTokens implements TokenKeeper {
  readonly #connection: string;
  readonly #given: Tokens;
  readonly #origin: string;
  readonly #store: TokenStore;
  #current: Tokens | undefined;
  #refreshing: Promise<Refreshed> | undefined;

  constructor(connection: string, given: Tokens, store: TokenStore) {
    this.#connection = connection;
    this.#given = given;
    this.#origin = originOf(given);
    this.#store = store;
  }

  async current(): Promise<Tokens> {
    this.#current ??= await this.#stored();
    return this.#current;
  }

  refresh(used: Tokens, make: (tokens: Tokens) => Promise<MadeTokens>): Promise<Refreshed> {
    this.#refreshing ??= this.#refresh(used, make).finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #refresh(used: Tokens, make: (tokens: Tokens) => Promise<MadeTokens>): Promise<Refreshed> {
    if (await this.#hasOther(used)) return 'refreshed';
    const made = await make(await this.current());
    if (made.ok && made.tokens?.accessToken !== undefined) {
      const { accessToken, refreshToken } = made.tokens;
      const tokens = {
        ...(await this.current()),
        accessToken,
        ...(refreshToken && { refreshToken }),
      };
      await this.#store.write(this.#connection, this.#origin, tokens);
      this.#current = tokens;
      return 'refreshed';
    }
    // Another node may have been quicker: where the vendor changes refresh tokens too, ours is then over.
    if (await this.#hasOther(used)) return 'refreshed';
    return made.ok || made.result.kind !== 'retry' ? 'none' : made.result;
  }

  async #hasOther({ accessToken }: Tokens): Promise<boolean> {
    if ((await this.current()).accessToken === accessToken) this.#current = await this.#stored();
    return this.#current?.accessToken !== accessToken;
  }

  async #stored(): Promise<Tokens> {
    return { ...this.#given, ...(await this.#store.read(this.#connection, this.#origin)) };
  }
}
