import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { InputFailure } from '../../input-failure.ts';

const leastBits = 2_048;
const mostBits = 8_192;

/** The RSA public key in a PEM text, as SPKI in PEM. Throws `input_validation` naming the field `publicKey`. */
export function parsePublicKey(text: string): string {
  // A private key holds its public one: node would take it, and it would be stored.
  if (/PRIVATE KEY/.test(text)) throw failure('is a private key: keep it where the client runs');
  const key = read(text);
  const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType !== 'rsa' || modulusLength < leastBits || modulusLength > mostBits) {
    throw failure(`must be an RSA key of ${leastBits} to ${mostBits} bits`);
  }
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

/** SHA-256 of a stored key, hex: what `openssl rsa -pubin -outform DER | sha256sum` shows. */
export function keyFingerprint(publicKey: string): string {
  const der = createPublicKey(publicKey).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('hex');
}

function read(text: string): KeyObject {
  try {
    return createPublicKey(text);
  } catch {
    throw failure('must be a public key in PEM');
  }
}

function failure(what: string): InputFailure {
  return new InputFailure([{ field: 'publicKey', message: `"publicKey" ${what}` }]);
}
