import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Clock } from '../../core/clock.ts';
import { TributaryError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import type { Logger } from '../../core/logger.ts';
import { Counter, Gauge, type Registry } from '../../core/prometheus.ts';

/** Certificate and key as read: PEM. */
interface Pair {
  readonly cert: string;
  readonly key: string;
}

interface CertificateFilesDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
}

/**
 * The certificate and its key, read again every few seconds and taken over when their content has
 * changed, however that came about: written in place, renamed, or by a symbolic link somewhere on the
 * path that points elsewhere. A pair that is half-written or does not match changes nothing.
 */
export class CertificateFiles {
  readonly #paths: { readonly cert: string; readonly key: string };
  readonly #deps: CertificateFilesDeps;
  readonly #reloads: Counter;
  #current: Pair;
  /** What was read last, whether or not it held: the same is not tried, or complained about, twice. */
  #seen: string;
  #cancel: () => void = () => undefined;

  /** Throws `config_invalid` when there is no pair to begin with. */
  constructor(cert: string, key: string, deps: CertificateFilesDeps) {
    this.#paths = { cert, key };
    this.#deps = deps;
    try {
      this.#current = checked(this.#read());
    } catch (cause) {
      throw new TributaryError('config_invalid', `TRIBUTARY_TLS_CERT: ${reason(cause)}`, { cause });
    }
    this.#seen = digest(this.#current);
    this.#reloads = new Counter({
      name: 'tributary_tls_reloads_total',
      help: 'Times changed certificate files were met, by outcome: `ok`, or `failed` and the old pair kept.',
      labelNames: ['outcome'],
      registers: [deps.registry],
    });
    for (const outcome of ['ok', 'failed']) this.#reloads.inc({ outcome }, 0);
    const expiry = () => expiryOf(this.#current.cert) / 1000;
    new Gauge({
      name: 'tributary_tls_certificate_expiry_seconds',
      help: 'When the certificate in use expires, seconds since the epoch.',
      registers: [deps.registry],
      collect() {
        this.set(expiry());
      },
    });
    this.#say('https: certificate loaded');
  }

  get current(): Pair {
    return this.#current;
  }

  /** Calls `renewed` with each new pair from now on. */
  watch(renewed: (pair: Pair) => void): void {
    const look = () => {
      this.#look(renewed);
      this.#cancel = this.#deps.clock.after(limits.certificateCheckMs, look);
    };
    this.#cancel = this.#deps.clock.after(limits.certificateCheckMs, look);
  }

  close(): void {
    this.#cancel();
  }

  #look(renewed: (pair: Pair) => void): void {
    let found: string | undefined;
    try {
      const pair = this.#read();
      found = digest(pair);
      if (found === this.#seen) return;
      this.#current = checked(pair);
      renewed(pair);
      this.#reloads.inc({ outcome: 'ok' });
      this.#say('https: new certificate loaded');
    } catch (cause) {
      found ??= reason(cause);
      if (found !== this.#seen) this.#complain(cause);
    }
    this.#seen = found;
  }

  /** Both are a few kilobytes: read at once, they cannot be of different moments by our own doing. */
  #read(): Pair {
    const { cert, key } = this.#paths;
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  }

  #say(message: string): void {
    const { clock, logger } = this.#deps;
    const expires = expiryOf(this.#current.cert);
    const fields = { cert: this.#paths.cert, expires: new Date(expires).toISOString() };
    if (expires > clock.now()) logger.info(fields, message);
    else logger.warn(fields, `${message}, but it has expired`);
  }

  #complain(cause: unknown): void {
    this.#reloads.inc({ outcome: 'failed' });
    const message = 'https: the changed certificate files do not hold; the old pair stays in use';
    this.#deps.logger.error({ err: cause, ...this.#paths }, message);
  }
}

/**
 * The pair, if certificate and key are whole and belong together; throws what OpenSSL says if not. A
 * context alone would take empty files for none given.
 */
function checked(pair: Pair): Pair {
  const isOwn = new X509Certificate(pair.cert).checkPrivateKey(createPrivateKey(pair.key));
  if (!isOwn) throw new TributaryError('config_invalid', 'The key is not that of the certificate');
  process.getBuiltinModule('node:tls').createSecureContext({ ...pair, minVersion: 'TLSv1.2' });
  return pair;
}

function digest({ cert, key }: Pair): string {
  return createHash('sha256').update(`${cert}\0${key}`).digest('hex');
}

function expiryOf(cert: string): number {
  return new X509Certificate(cert).validToDate.getTime();
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
