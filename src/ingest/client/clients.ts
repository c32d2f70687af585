import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../../core/loopback.ts';
import { plainAddress } from './node-address.ts';
import { type ProxyClaim, type ProxyHeader, proxyClaims } from './proxy-claims.ts';
import { TrustedProxies } from './trusted-proxies.ts';

/** What the deployment says about how clients reach it. */
export interface ClientOptions {
  /** Addresses and CIDR blocks; none is trusted by default. */
  readonly trustedProxies?: readonly string[];
  /** The one kind of header that the proxies write; by default see `proxyClaims`. */
  readonly proxyHeader?: ProxyHeader | undefined;
  /** Where clients reach this server; by default what their request says. */
  readonly publicUrl?: string | undefined;
}

/** What is known of the client behind a request. */
interface Client {
  /** Undefined when the proxies do not say. */
  readonly address: string | undefined;
  readonly scheme: 'http' | 'https';
  readonly host: string;
}

const plainHost = /^[\w.:[\]-]+$/;

/**
 * Who makes a request, and at which address this server was reached. What proxies say of it counts only
 * when they are trusted: the client is then the last in the chain that is no such proxy.
 */
export class Clients {
  readonly #proxies: TrustedProxies | undefined;
  readonly #header: ProxyHeader | undefined;
  /** The configured address, without a slash at its end. */
  readonly publicUrl: string | undefined;

  constructor({ trustedProxies = [], proxyHeader, publicUrl }: ClientOptions = {}) {
    if (trustedProxies.length > 0) this.#proxies = new TrustedProxies(trustedProxies);
    this.#header = proxyHeader;
    this.publicUrl = publicUrl?.replace(/\/+$/, '');
  }

  /** The client's address; undefined when the connection is gone or trusted proxies do not say. */
  address(request: IncomingMessage): string | undefined {
    const address = plainAddress(request.socket.remoteAddress);
    if (this.#proxies === undefined || address === undefined) return address;
    return this.#proxies.has(address) ? this.#client(request).address : address;
  }

  /** Whether what this address says of its clients is believed. */
  isProxy(address: string): boolean {
    return this.#proxies?.has(address) === true;
  }

  /** Where the client reached this server: the configured address, else what the request says. */
  origin(request: IncomingMessage): URL {
    if (this.publicUrl !== undefined) return new URL(this.publicUrl);
    const { scheme, host } = this.#client(request);
    const origin = plainHost.test(host) ? URL.parse(`${scheme}://${host}`) : null;
    return origin ?? new URL(`${scheme}://localhost:${request.socket.localPort}`);
  }

  /** Whether the request comes from this machine, and by no proxy as far as it says. */
  isLocal(request: IncomingMessage): boolean {
    const address = plainAddress(request.socket.remoteAddress);
    if (address === undefined || !isLoopback(address)) return false;
    const { headers } = request;
    return headers['x-forwarded-for'] === undefined && headers.forwarded === undefined;
  }

  /** What the control plane is told, as header pairs; `host` is that of the client's own request. */
  headers(request: IncomingMessage): { readonly pairs: string[]; readonly host: string } {
    const { address, scheme, host } = this.#client(request);
    const pairs = ['X-Forwarded-Proto', scheme];
    if (address !== undefined) pairs.push('X-Forwarded-For', address);
    return { pairs, host };
  }

  #client(request: IncomingMessage): Client {
    const { headers, socket } = request;
    const peer = plainAddress(socket.remoteAddress);
    const scheme = 'encrypted' in socket ? 'https' : 'http';
    const own: Client = { address: peer, scheme, host: headers.host ?? '' };
    if (peer === undefined || this.#proxies?.has(peer) !== true) return own;
    const claims = proxyClaims(headers, peer, this.#header);
    if (claims === undefined) return { ...own, address: undefined };
    const claim = this.#clientIn(claims);
    if (claim === undefined) return own;
    const { address, proto, host = '' } = claim;
    return {
      address,
      scheme: schemeOf(proto) ?? scheme,
      host: plainHost.test(host) ? host : own.host,
    };
  }

  /** From the nearest proxy back: the first that is no trusted proxy, else the farthest. */
  #clientIn(claims: readonly ProxyClaim[]): ProxyClaim | undefined {
    const isClient = ({ address }: ProxyClaim) =>
      address === undefined || this.#proxies?.has(address) !== true;
    return claims.findLast(isClient) ?? claims[0];
  }
}

function schemeOf(proto: string | undefined): Client['scheme'] | undefined {
  const scheme = proto?.toLowerCase();
  return scheme === 'http' || scheme === 'https' ? scheme : undefined;
}
