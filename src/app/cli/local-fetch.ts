import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { TributaryError } from '../../core/errors.ts';
import type { Config } from '../config/config.ts';

/** As much of `fetch` as the command line needs. */
export type Fetch = (
  url: string,
  init: {
    readonly method?: string;
    readonly headers: Record<string, string>;
    readonly body?: string;
  },
) => Promise<Response>;

/**
 * A `fetch` for the server of this very configuration. Its certificate names the public address, not
 * 127.0.0.1, and its issuer may be nobody's: so exactly the configured certificate is accepted, whoever
 * signed it and whatever it names.
 */
export async function localFetch({ tlsCert }: Pick<Config, 'tlsCert'>): Promise<Fetch> {
  if (tlsCert === undefined) return fetch;
  const { Agent, fetch: fetchWith } = await import('undici');
  const { raw, fingerprint256 } = readCertificate(tlsCert);
  const dispatcher = new Agent({
    connect: {
      ca: `-----BEGIN CERTIFICATE-----\n${raw.toString('base64')}\n-----END CERTIFICATE-----\n`,
      allowPartialTrustChain: true,
      checkServerIdentity: (_host, shown) =>
        shown.fingerprint256 === fingerprint256
          ? undefined
          : new TributaryError('unavailable', 'The server has another certificate'),
    },
  });
  return async (url, init) => {
    const { status, statusText, headers, body } = await fetchWith(url, { ...init, dispatcher });
    return new Response(body, { status, statusText, headers: [...headers] });
  };
}

function readCertificate(path: string): X509Certificate {
  try {
    return new X509Certificate(readFileSync(path));
  } catch (cause) {
    throw new TributaryError('config_invalid', `TRIBUTARY_TLS_CERT: ${path} cannot be read`, {
      cause,
    });
  }
}
