import { oauthScopes, type tokenLifetimes } from '../../../core/oauth.ts';
import { Type } from '../../schemas/type.ts';
import { oneOf } from '../frame/schema.ts';

export const TokenLifetime = oneOf([
  '1d',
  '2d',
  '3d',
  '1w',
  '2w',
  '3w',
  '30d',
] as const satisfies readonly (keyof typeof tokenLifetimes)[]);

export const OAuthScopes = Type.Array(oneOf(oauthScopes), {
  minItems: 1,
  maxItems: oauthScopes.length,
});

export const OAuthName = Type.String({ minLength: 1, maxLength: 255 });

/** A public key of an app, PEM: SPKI or PKCS #1. */
export const PublicKeyText = Type.String({ minLength: 1, maxLength: 16_384 });

const OAuthKey = Type.Object({
  /** The `kid` of assertions. */
  id: Type.String(),
  name: Type.String(),
  /** SHA-256 of the key (SPKI, DER), hex. */
  fingerprint: Type.String(),
  createdAt: Type.String(),
});

export const OAuthApp = Type.Object({
  /** The client id. */
  id: Type.String(),
  name: Type.String(),
  scopes: Type.Array(Type.String()),
  tokenLifetime: Type.String(),
  keys: Type.Array(OAuthKey),
  /** The sources it may write to. */
  sourceIds: Type.Array(Type.String()),
  createdAt: Type.String(),
});
