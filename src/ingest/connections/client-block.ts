import { isIPv4 } from 'node:net';
import { addressBytes } from '../../core/address-bytes.ts';
import { plainAddress } from '../client/node-address.ts';

/** What connections of one client are counted for. */
export interface ClientBlock {
  readonly address: string;
  /** An IPv4 address; of IPv6 the first 64 bits, since whoever has one address there has them all. */
  readonly name: string;
}

export function clientBlock(remoteAddress: string | undefined): ClientBlock | undefined {
  const address = plainAddress(remoteAddress);
  if (address === undefined) return undefined;
  if (isIPv4(address)) return { address, name: address };
  const bytes = addressBytes(address);
  return bytes && { address, name: Buffer.from(bytes.subarray(0, 8)).toString('hex') };
}
