import { TributaryError } from '../../../core/errors.ts';

/** What the URL of a place in S3 says. */
export interface S3Place {
  readonly bucket: string;
  /** '' or ending in `/`. */
  readonly prefix: string;
  /** Undefined: that of the environment or the profile (`AWS_REGION`). */
  readonly region: string | undefined;
  /** Another server that speaks the protocol; undefined: AWS itself. */
  readonly endpoint: string | undefined;
  /** The bucket is in the path, not in the name of the host. */
  readonly pathStyle: boolean;
  /** Undefined: as the AWS SDKs find them (variables, profile, the role of the machine or the pod). */
  readonly login: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

const parameters = ['region', 'endpoint', 'pathStyle'];

/**
 * `s3://[<access key id>:<secret>@]<bucket>[/<prefix>][?region=…&endpoint=https://…&pathStyle=on|off]`. Keys are
 * percent-encoded. Throws `config_invalid`; the message has no secret.
 */
export function parseS3Url(text: string): S3Place {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 's3:' || !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(url.hostname)) {
    throw invalid('must be s3://<bucket>/<prefix>');
  }
  for (const name of url.searchParams.keys()) {
    if (!parameters.includes(name)) throw invalid(`has no parameter ${name}`);
  }
  const endpoint = url.searchParams.get('endpoint') ?? undefined;
  if (endpoint !== undefined && !/^https?:\/\/[^/]+\/?$/.test(endpoint)) {
    throw invalid('endpoint must be http(s)://host:port');
  }
  const pathStyle = url.searchParams.get('pathStyle') ?? (endpoint === undefined ? 'off' : 'on');
  if (pathStyle !== 'on' && pathStyle !== 'off') throw invalid('pathStyle must be on or off');
  if ((url.username === '') !== (url.password === '')) {
    throw invalid('needs both access key and secret, or none');
  }
  const prefix = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '');
  return {
    bucket: url.hostname,
    prefix: prefix === '' ? '' : `${prefix}/`,
    region: url.searchParams.get('region') ?? undefined,
    endpoint,
    pathStyle: pathStyle === 'on',
    login:
      url.username === ''
        ? undefined
        : {
            accessKeyId: decodeURIComponent(url.username),
            secretAccessKey: decodeURIComponent(url.password),
          },
  };
}

function invalid(problem: string): TributaryError {
  return new TributaryError('config_invalid', `The URL of a place in S3 ${problem}`);
}
