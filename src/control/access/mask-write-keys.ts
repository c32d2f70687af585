const writeKey = /("write_?[kK]ey"\s*:\s*)"(?:[^"\\]|\\.)*"/g;

/**
 * A payload, as JSON text, for showing: clients put their write key into what they send, and a token
 * that may `read` must not see write keys. Done on the text, so all else stays as it was sent.
 */
export function maskWriteKeys(payload: string): string {
  return payload.replace(writeKey, '$1"••••"');
}
