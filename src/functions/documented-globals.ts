/** A global that the documentation of functions names. */
interface DocumentedGlobal {
  readonly name: string;
  /** For `docs/reference/functions.md`. */
  readonly what: string;
  /** Absent: it is there. Else what to do without it, after "is not available here:". */
  readonly instead?: string;
}

/**
 * Every global that the documentation of functions names (spec tracking-api §12, "Functions runtime"),
 * and what V8 alone does not have. What needs a large vendor library is not offered: each has an HTTP API.
 */
export const documentedGlobals: readonly DocumentedGlobal[] = [
  {
    name: 'fetch',
    what: 'requests; answers to private addresses are refused like those of destinations',
  },
  { name: 'Headers', what: 'as `fetch` takes and returns them' },
  { name: 'Response', what: 'what `fetch` resolves with' },
  { name: 'AbortController', what: 'ends a request early' },
  { name: 'URL', what: 'addresses, by the rules of WHATWG' },
  { name: 'URLSearchParams', what: 'queries and forms' },
  { name: 'FormData', what: 'multipart bodies, as the package form-data makes them' },
  { name: 'Buffer', what: 'bytes, with `base64url`' },
  { name: 'TextEncoder', what: 'text to bytes' },
  { name: 'TextDecoder', what: 'bytes to text: UTF-8, UTF-16LE, latin1' },
  { name: 'atob', what: 'base64 to text' },
  { name: 'btoa', what: 'text to base64' },
  {
    name: 'crypto',
    what: '`createHash`, `createHmac`, `createSign`, `createVerify`, `createCipheriv`, `createDecipheriv`, `pbkdf2Sync`, `randomBytes`, `randomInt`, `randomUUID`, `timingSafeEqual`, `getRandomValues`',
  },
  { name: 'https', what: '`request` and `get`, on top of `fetch`' },
  { name: '_', what: 'lodash' },
  { name: 'moment', what: 'moment-timezone, the zones of the last and next years' },
  { name: 'jsonwebtoken', what: '`sign`, `verify` and `decode`' },
  { name: 'xml2js', what: 'XML to objects and back' },
  { name: 'zlib', what: 'also as `zlib.zlib`; whole buffers, no streams' },
  { name: 'uuidv5', what: 'also as `uuidv5.uuidv5`' },
  { name: 'OAuth', what: '`OAuth.OAuth` and `OAuth.OAuth2` of the package oauth' },
  {
    name: 'cache',
    what: '`load(key, ttl, fn)` and `delete(key)`; kept between invocations of one context',
  },
  { name: 'console', what: 'the logs of an invocation' },
  { name: 'setTimeout', what: 'and the other timers; they end with the invocation' },
  { name: 'EventNotSupported', what: 'thrown: the event is discarded as unsupported' },
  { name: 'InvalidEventPayload', what: 'thrown: the event is discarded as rejected' },
  { name: 'ValidationError', what: 'thrown: the event is discarded as rejected' },
  { name: 'RetryError', what: 'thrown: the event is tried again' },
  { name: 'DropEvent', what: 'thrown by an insert function: the event goes no further' },
  { name: 'Timeout', what: 'thrown: the event is tried again' },
  {
    name: 'AWS',
    what: 'aws-sdk',
    instead: 'call the HTTP API of AWS with fetch, signing the request with crypto.createHmac',
  },
  {
    name: 'google',
    what: 'google.cloud.automl, bigquery, datastore, firestore, functions, pubsub, storage, tasks',
    instead:
      'call the REST API of Google Cloud with fetch, with a token that jsonwebtoken signs for the service account',
  },
  {
    name: 'hubspotlib',
    what: '@hubspot/api-client',
    instead: 'call https://api.hubapi.com with fetch',
  },
  { name: 'jsforce', what: 'jsforce', instead: 'call the REST API of Salesforce with fetch' },
  { name: 'nodemailjet', what: 'node-mailjet', instead: 'call https://api.mailjet.com with fetch' },
  {
    name: 'sendgrid',
    what: '@sendgrid/client and mail',
    instead: 'call https://api.sendgrid.com with fetch',
  },
  {
    name: 'skyflowlib',
    what: 'skyflow-node',
    instead: 'call the API of the Skyflow vault with fetch',
  },
  { name: 'stripe', what: 'stripe', instead: 'call https://api.stripe.com with fetch' },
  { name: 'twilio', what: 'twilio', instead: 'call https://api.twilio.com with fetch' },
  {
    name: 'winstonlib',
    what: 'winston',
    instead: 'write with console, or send what is to be logged with fetch',
  },
  {
    name: 'xml',
    what: 'xml',
    instead: 'make the text with xml2js.Builder and send it with fetch',
  },
  {
    name: 'require',
    what: 'modules cannot be imported',
    instead: 'use the globals of functions, or call an API with fetch',
  },
];

/** The sentences that code meets, by the name of the global. */
export function unavailableGlobals(): Record<string, string> {
  return Object.fromEntries(
    documentedGlobals.flatMap(({ name, instead }) =>
      instead === undefined ? [] : [[name, `\`${name}\` is not available here: ${instead}.`]],
    ),
  );
}
