/**
 * The messageId of an item that came without one: a version 4 UUID made of the request's nonce (32
 * hex digits, drawn by ingest) and the item's index. The same request gives the same ids however
 * often it is processed, so that dedupe recognises them after a crash (spec tracking-api §6.3 C11).
 */
export function messageIdOf(nonce: string, index: number): string {
  const tail = (Number.parseInt(nonce.slice(24, 32), 16) ^ index) >>> 0;
  const variant = '89ab'.charAt(Number.parseInt(nonce.charAt(16), 16) & 3);
  return (
    `${nonce.slice(0, 8)}-${nonce.slice(8, 12)}-4${nonce.slice(13, 16)}-` +
    `${variant}${nonce.slice(17, 20)}-${nonce.slice(20, 24)}${tail.toString(16).padStart(8, '0')}`
  );
}
