import { unavailableGlobals } from '../documented-globals.ts';
import { createGuest } from './create-guest.ts';
import type { GuestOptions, GuestPart } from './guest.ts';
import { installBytes } from './install-bytes.ts';
import { installCache } from './install-cache.ts';
import { installConsole } from './install-console.ts';
import { installCrypto } from './install-crypto.ts';
import { installErrors } from './install-errors.ts';
import { installFetch } from './install-fetch.ts';
import { installFormData } from './install-form-data.ts';
import { installLibraries } from './install-libraries.ts';
import { installSegment } from './install-segment.ts';
import { installTimers } from './install-timers.ts';
import { installUrl } from './install-url.ts';
import { installZlib } from './install-zlib.ts';
import { startGuest } from './start-guest.ts';

/** In this order: a part may use what those before it made. */
const parts: readonly GuestPart[] = [
  installErrors,
  installConsole,
  installBytes,
  installTimers,
  installUrl,
  installFetch,
  installFormData,
  installCrypto,
  installZlib,
  installLibraries,
  installCache,
  installSegment,
];

/**
 * The text that makes a bare V8 context one that functions run in. It evaluates to a function that
 * takes the way to the host and returns a `GuestEntry`. The parts are TypeScript of this folder; Node
 * has taken their types away, and what is left of each is its own text.
 */
export function guestScript(kind: string, logLength: number): string {
  const options: GuestOptions = { kind, logLength, unavailable: unavailableGlobals() };
  return `(function (call) {
'use strict';
const options = ${JSON.stringify(options)};
const guest = (${createGuest})(call, options.logLength);
${parts.map((part) => `(${part})(guest, options);`).join('\n')}
return (${startGuest})(guest, options.logLength);
})`;
}
