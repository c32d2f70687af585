import { addressBytes } from '../../core/address-bytes.ts';

type Value = string | number | { readonly [key: string]: Value };

/** Two children: the place of a node, or of a record, or nothing. */
type Node = [Branch, Branch];
type Branch = Node | { readonly record: number } | undefined;

/**
 * A table in the MMDB format with a record for each network (`203.0.113.0/24`), for tests. Networks do not overlap.
 * With `ipVersion` 6, IPv4 stands under `::/96`, as the format has it.
 */
export function mmdbTable(networks: Readonly<Record<string, Value>>, ipVersion: 4 | 6 = 6): Buffer {
  const root: Node = [undefined, undefined];
  const records: Buffer[] = [];
  let at = 0;
  for (const [network, record] of Object.entries(networks)) {
    insert(root, bitsOf(network, ipVersion), { record: at });
    const bytes = encoded(record);
    records.push(bytes);
    at += bytes.length;
  }
  const nodes: Node[] = [];
  flatten(root, nodes);
  const tree = Buffer.alloc(nodes.length * 8);
  for (const [index, node] of nodes.entries()) {
    for (const [side, branch] of node.entries()) {
      tree.writeUInt32BE(placeOf(branch, nodes), index * 8 + side * 4);
    }
  }
  const metadata = encoded({
    binary_format_major_version: 2,
    database_type: 'test',
    ip_version: ipVersion,
    node_count: nodes.length,
    record_size: 32,
  });
  const mark = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
  return Buffer.concat([tree, Buffer.alloc(16), ...records, mark, metadata]);
}

function bitsOf(network: string, ipVersion: 4 | 6): readonly (0 | 1)[] {
  const [address = '', length = ''] = network.split('/');
  const bytes = addressBytes(address) ?? new Uint8Array();
  const bits = [...bytes].flatMap((byte) =>
    Array.from({ length: 8 }, (_, bit) => ((byte >> (7 - bit)) & 1 ? 1 : 0)),
  );
  const head = bytes.length === 4 && ipVersion === 6 ? Array<0>(96).fill(0) : [];
  return [...head, ...bits.slice(0, Number(length))];
}

function insert(root: Node, bits: readonly (0 | 1)[], leaf: { readonly record: number }): void {
  let node = root;
  for (const bit of bits.slice(0, -1)) {
    const next = node[bit];
    const child: Node = Array.isArray(next) ? next : [undefined, undefined];
    node[bit] = child;
    node = child;
  }
  node[bits.at(-1) ?? 0] = leaf;
}

function flatten(node: Node, nodes: Node[]): void {
  nodes.push(node);
  for (const branch of node) if (Array.isArray(branch)) flatten(branch, nodes);
}

function placeOf(branch: Branch, nodes: readonly Node[]): number {
  if (branch === undefined) return nodes.length;
  return Array.isArray(branch) ? nodes.indexOf(branch) : nodes.length + 16 + branch.record;
}

/** Strings and maps of fewer than 29, and 32-bit numbers: all that these tables hold. */
function encoded(value: Value): Buffer {
  if (typeof value === 'string') {
    return Buffer.concat([Buffer.from([(2 << 5) | value.length]), Buffer.from(value)]);
  }
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(5, (6 << 5) | 4);
    bytes.writeUInt32BE(value, 1);
    return bytes;
  }
  const entries = Object.entries(value);
  const parts = entries.flatMap(([key, inner]) => [encoded(key), encoded(inner)]);
  return Buffer.concat([Buffer.from([(7 << 5) | entries.length]), ...parts]);
}
