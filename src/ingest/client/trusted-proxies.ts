import assert from 'node:assert/strict';
import { BlockList, isIPv4 } from 'node:net';
import { parseAddressBlock } from '../../core/address-block.ts';

/** The proxies whose word on their clients is believed. */
export class TrustedProxies {
  readonly #blocks = new BlockList();

  /** `blocks`: addresses and CIDR blocks that the configuration has checked. */
  constructor(blocks: readonly string[]) {
    for (const text of blocks) {
      const block = parseAddressBlock(text);
      assert(block !== undefined, 'the configuration holds blocks only');
      this.#blocks.addSubnet(block.address, block.prefix, block.family);
    }
  }

  /** `address` is plain: no brackets, no port, IPv4 as IPv4. */
  has(address: string): boolean {
    return this.#blocks.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
  }
}
