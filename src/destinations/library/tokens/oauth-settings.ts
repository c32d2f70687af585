import type { SettingOption } from '../../../core/destination.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Tokens } from '../package/library-package.ts';

/** The settings of every destination that signs in with OAuth 2, beside its own: tokens of an application of the operator's. */
export const oauthOptions: readonly SettingOption[] = [
  {
    name: 'oauth_access_token',
    label: 'OAuth access token',
    description: 'The access token that the vendor gave.',
    type: 'password',
    required: false,
  },
  {
    name: 'oauth_refresh_token',
    label: 'OAuth refresh token',
    description: 'With it a new access token is had once the vendor refuses the last.',
    type: 'password',
    required: false,
  },
  {
    name: 'oauth_client_id',
    label: 'OAuth client id',
    description: 'Of the application that is registered with the vendor.',
    type: 'string',
    required: false,
  },
  {
    name: 'oauth_client_secret',
    label: 'OAuth client secret',
    description: 'Of the same application.',
    type: 'password',
    required: false,
  },
  {
    name: 'oauth_token_url',
    label: 'OAuth token URL',
    description: 'Where tokens are refreshed, where the vendor has no fixed address for it.',
    type: 'string',
    required: false,
  },
];

const names = new Set(oauthOptions.map(({ name }) => name));

/** The settings as the definition takes them, and the tokens. */
export function splitOAuth(settings: JsonObject): {
  readonly settings: JsonObject;
  readonly tokens: Tokens;
} {
  const text = (name: string) => {
    const value = settings[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const [accessToken, refreshToken] = [text('oauth_access_token'), text('oauth_refresh_token')];
  const [clientId, clientSecret] = [text('oauth_client_id'), text('oauth_client_secret')];
  const refreshTokenUrl = text('oauth_token_url');
  return {
    settings: Object.fromEntries(Object.entries(settings).filter(([name]) => !names.has(name))),
    tokens: {
      ...(accessToken && { accessToken }),
      ...(refreshToken && { refreshToken }),
      ...(clientId && { clientId }),
      ...(clientSecret && { clientSecret }),
      ...(refreshTokenUrl && { refreshTokenUrl }),
    },
  };
}
