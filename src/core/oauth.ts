/** What an access token may be good for (spec tracking-api §3.4). The Tracking API asks for the first. */
export const oauthScopes = [
  'tracking_api:write',
  'functions:write',
  'public_api:read_write',
] as const;

/** Seconds for which the tokens of an app may hold, by the names of spec tracking-api §3.4. */
export const tokenLifetimes = {
  '1d': 86_400,
  '2d': 172_800,
  '3d': 259_200,
  '1w': 604_800,
  '2w': 1_209_600,
  '3w': 1_814_400,
  '30d': 2_592_000,
} as const;

/** Public keys that an app may have at once: the one in use, and the next (spec tracking-api §3.4). */
export const oauthKeysMost = 2;

/** Whom the secret of access tokens is sealed for. */
export const oauthSecretOwner = 'oauth_secret';

/** The OAuth apps, as far as the data plane must know them. */
export interface OAuthConfig {
  /** What access tokens are signed with: 32 bytes, base64url. Sealed for `oauthSecretOwner` wherever it is kept. */
  readonly secret: string;
  readonly apps: readonly OAuthAppConfig[];
  /** Ids of access tokens that were revoked one by one and have not expired yet. */
  readonly revoked: readonly string[];
}

export interface OAuthAppConfig {
  readonly id: string;
  /** Names of `oauthScopes`. */
  readonly scopes: readonly string[];
  /** Seconds for which its tokens hold. */
  readonly tokenSeconds: number;
  /** Grows when all its tokens are revoked: those of an earlier generation are refused. */
  readonly generation: number;
  readonly keys: readonly OAuthKeyConfig[];
  /** Ids of the sources it may write to. */
  readonly sources: readonly string[];
}

/** A public key of an app: RSA, SPKI in PEM. */
export interface OAuthKeyConfig {
  readonly id: string;
  readonly publicKey: string;
}
