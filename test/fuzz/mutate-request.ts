import { deflateSync } from 'node:zlib';
import type { Random } from '../rig/random.ts';
import { testWriteKey } from '../rig/server.ts';
import { basic } from '../rig/track.ts';
import { oddFraming } from './framings.ts';
import { textOf } from './json-tree.ts';
import type { WireRequest } from './wire-request.ts';

type Mutation = (request: WireRequest, dice: Random) => WireRequest | undefined;

const without = ({ headers }: WireRequest, name: string) =>
  headers.filter(([one]) => one.toLowerCase() !== name);

const withHeader = (request: WireRequest, name: string, value: string): WireRequest => ({
  ...request,
  headers: [...without(request, name.toLowerCase()), [name, value]],
});

const contentTypes = [
  ...['application/json', 'text/plain;charset=UTF-8', 'application/x-www-form-urlencoded', ''],
  ...['multipart/form-data; boundary=x', 'application/json; charset=utf-16', 'nonsense', '*/*'],
];

const contentType: Mutation = (request, dice) =>
  withHeader(request, 'Content-Type', dice.pick(contentTypes));

function mayHoldKey({ body, target }: WireRequest): boolean {
  if (target.includes('writeKey=') || body === undefined || Buffer.isBuffer(body)) return true;
  return textOf(body).includes(testWriteKey);
}

/** A key that nobody has, wherever keys stand. */
const wrongKey: Mutation = (request, dice) => {
  if (mayHoldKey(request)) return undefined;
  const credentials = [
    basic('nobody'),
    basic(''),
    'Basic',
    'Basic !!!',
    'Bearer nobody',
    'Digest x',
  ];
  return { ...withHeader(request, 'Authorization', dice.pick(credentials)), isForeign: true };
};

const noKey: Mutation = (request) => {
  if (mayHoldKey(request)) return undefined;
  return { ...request, headers: without(request, 'authorization'), isForeign: true };
};

const oddHeaders: readonly (readonly [name: string, value: string])[] = [
  ['Expect', '100-continue'],
  ['Expect', 'the unexpected'],
  ['Trailer', 'X-Trailer'],
  ['TE', 'trailers, deflate'],
  ['Upgrade', 'h2c'],
  ['Connection', 'Upgrade'],
  ['Connection', 'close'],
  ['Connection', 'keep-alive, Transfer-Encoding, Authorization'],
  ['Keep-Alive', 'timeout=999999999, max=-1'],
  ['Content-Encoding', 'br'],
  ['Content-Encoding', 'gzip, gzip'],
  ['Content-Encoding', 'identity'],
  ['Origin', 'null'],
  ['Origin', `https://${'é'.repeat(300)}.example`],
  ['Origin', 'https://a.example\t'],
  ['Cookie', 'a=b; '.repeat(500)],
  ['X-Forwarded-For', '127.0.0.1, "unknown", ::1'],
  ['Forwarded', 'for="[::1]:1";proto=javascript;host=evil'],
  ['X-Forwarded-Host', 'evil/..'],
  ['Host', ''],
  ['Host', 'evil\\@x:99999'],
  ['Range', 'bytes=0-0,-1'],
  ['If-None-Match', '*'],
  ['Accept-Encoding', 'gzip;q=0, *;q=0.5, br;q=2'],
  ['Purpose', 'prefetch'],
  ['User-Agent', 'x'.repeat(8_000)],
  ['User-Agent', '"\\\u0080\u00ff Googlebot'],
  ['Authorization', 'Basic '.repeat(100)],
  ['X-Retry-Count', '-1'],
  ['Proxy-Connection', 'keep-alive'],
  ['__proto__', 'polluted'],
  ['constructor', 'polluted'],
];

const oddHeader: Mutation = (request, dice) => {
  const [name, value] = dice.pick(oddHeaders);
  if (name === 'Authorization') return { ...withHeader(request, name, value) };
  if (name === 'Host') return { ...request, headers: [[name, value], ...without(request, 'host')] };
  return { ...request, headers: [...request.headers, [name, value]] };
};

const flood: Mutation = (request, dice) => {
  const [count, length] = dice.pick([
    [900, 1],
    [2_400, 0],
    [4_000, 0],
    [1, 17_000],
    [40, 500],
  ] as const);
  const more = Array.from({ length: count }, (_, index): [string, string] => [
    count > 1_000 ? 'a' : `x-${index}`,
    'v'.repeat(length),
  ]);
  return { ...request, headers: [...request.headers, ...more] };
};

const noHost: Mutation = (request) => ({ ...request, headers: without(request, 'host') });

const methods = [
  ...['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'SEARCH', 'PURGE'],
  ...['CONNECT', 'post', 'BREW', '', 'POST\t', 'M-SEARCH', 'QUERY', 'LINK'],
];

const method: Mutation = (request, dice) => ({ ...request, method: dice.pick(methods) });

const versions = ['HTTP/1.0', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/0.9', 'HTTP/1.2', 'http/1.1', '', 'X'];

const version: Mutation = (request, dice) => ({ ...request, version: dice.pick(versions) });

const targets: readonly ((target: string) => string)[] = [
  (target) => `http://api.segment.io${target}`,
  (target) => `HTTPS://user:pass@host:1${target}`,
  (target) => `/${target}`,
  (target) => `${target.replace(/\?.*/, '')}/`,
  (target) => target.replaceAll('/', '//'),
  (target) => `${target}${target.includes('?') ? '&' : '?'}x=%zz&__proto__[a]=1&%00=%ff`,
  (target) => `${target}#fragment`,
  (target) => target.toUpperCase(),
  (target) => target.replace(/v1/, '%76%31'),
  (target) => `/v1/x/..${target}`,
  (target) => `${target}/%2e%2e/%00`,
  (target) => `${target}\u00e9\u0080`,
  (target) => `${target}${'a'.repeat(15_000)}`,
  () => '*',
  () => '/',
  () => '',
  () => '?',
  () => 'v1/track',
  () => '//',
  () => 'http://',
  () => '/v1/projects/%E0%A4%A/settings',
  () => '/analytics.js/v1/__proto__/analytics.min.js',
  () => '/analytics-next/bundles/..%2f..%2fpackage.json',
  () => '/api/%00/..%2f',
  () => '/console/../api/sources',
  () => '/metrics',
];

const target: Mutation = (request, dice) => ({
  ...request,
  target: dice.pick(targets)(request.target),
  // A pixel's fate is not told by its answer.
  ...(request.target.includes('pixel') && { isUncertain: true }),
});

const pixelData: Mutation = (request, dice) => {
  const at = request.target.indexOf('=') + 1;
  if (!request.target.includes('pixel')) return undefined;
  const cut = dice.between(at, request.target.length);
  const inserted = dice.pick([
    '%00',
    '+',
    '=',
    '&a.b=1',
    '&a=2',
    '&__proto__.x=1',
    '&data=',
    '.',
    '',
  ]);
  const rest = request.target.slice(
    dice.chance(0.5) ? cut : Math.min(cut + 3, request.target.length),
  );
  return {
    ...request,
    target: `${request.target.slice(0, cut)}${inserted}${rest}`,
    isUncertain: true,
  };
};

const spoils: readonly ((packed: Buffer, at: number) => Buffer)[] = [
  (packed, at) => packed.subarray(0, Math.floor(at * packed.length)),
  (packed, at) => {
    const copy = Buffer.from(packed);
    const place = Math.floor(at * copy.length);
    copy[place] = (copy[place] ?? 0) ^ 0x55;
    return copy;
  },
  (packed) => Buffer.concat([packed, Buffer.from('trailing')]),
  (packed) => Buffer.concat([packed, packed]),
  (packed) => deflateSync(packed),
];

const packing: Mutation = (request, dice) => {
  if (request.body === undefined) return undefined;
  const spoil = dice.pick(spoils);
  const at = dice.next();
  const gzip = dice.chance(0.9);
  const coding = dice.chance(0.7) ? { gzip, spoil: (bytes: Buffer) => spoil(bytes, at) } : { gzip };
  return { ...request, coding };
};

const framing: Mutation = (request, dice) =>
  request.body === undefined ? undefined : { ...request, framing: oddFraming(dice) };

/** A byte in the head that does not belong there. */
const rawHeader: Mutation = (request, dice) => {
  const value = dice.pick([
    'a\u0000b',
    'a\rb',
    'a\nb',
    'a\r\n folded',
    '\u0007',
    'a\r\nX: b',
    '\u007f',
  ]);
  const name = dice.pick([
    'X-Odd',
    'X Odd',
    'X-Odd ',
    '',
    ' X',
    'X:Y',
    'X\u00e9',
    'Origin',
    'User-Agent',
  ]);
  const at = dice.between(1, request.headers.length);
  return { ...request, headers: request.headers.toSpliced(at, 0, [name, value]) };
};

const mutations: readonly (readonly [weight: number, name: string, mutation: Mutation])[] = [
  [4, 'a content type', contentType],
  [3, 'a wrong key', wrongKey],
  [2, 'no key', noKey],
  [8, 'an odd header', oddHeader],
  [1, 'a flood of headers', flood],
  [1, 'no Host', noHost],
  [4, 'another method', method],
  [2, 'another version', version],
  [5, 'another target', target],
  [5, 'a pixel changed', pixelData],
  [5, 'packed otherwise', packing],
  [7, 'framed wrongly', framing],
  [3, 'a broken header', rawHeader],
];
const total = mutations.reduce((sum, [weight]) => sum + weight, 0);

/** One mutation more of anything but the body. */
export function mutateRequest(request: WireRequest, dice: Random): WireRequest {
  let left = dice.between(0, total - 1);
  for (const [weight, name, mutation] of mutations) {
    left -= weight;
    if (left >= 0) continue;
    const changed = mutation(request, dice);
    return changed === undefined
      ? request
      : { ...changed, mutations: [...request.mutations, name] };
  }
  return request;
}
