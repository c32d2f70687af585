import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { testWriteKey } from '../../rig/server.ts';
import { basic } from '../../rig/track.ts';
import type { Attack } from './attack.ts';

const head = (path: string, key: string) =>
  `POST ${path} HTTP/1.1\r\nHost: h\r\nAuthorization: ${basic(key)}\r\n`;

function sized(path: string, key: string, body: Buffer, more = ''): Buffer {
  const start = `${head(path, key)}${more}Content-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(start), body]);
}

/** A gzip of zeros that says of itself that it is `claimed` bytes long. */
function bomb(bytes: number, claimed = bytes): Buffer {
  const packed = gzipSync(Buffer.alloc(bytes), { level: 9 });
  packed.writeUInt32LE(claimed, packed.length - 4);
  return sized('/v1/batch', testWriteKey, packed, 'Content-Encoding: gzip\r\n');
}

/** They take a while to pack. */
let packed: readonly Buffer[] | undefined;
let nextBomb = 0;
const throwBomb = (socket: Socket) => {
  packed ??= [
    bomb(400_000_000),
    bomb(100_000_000, 1_000),
    bomb(100_000_000, 200_000),
    bomb(500_000),
  ];
  const one = packed[nextBomb++ % packed.length];
  if (one !== undefined) socket.write(one);
};

const event = Buffer.from('{"userId":"hostile","event":"Hostile"}');
const pipelined = Buffer.concat(Array(1_500).fill(sized('/v1/track', 'no such key', event)));
const largeFile = Buffer.from(
  `GET /analytics.js/v1/${testWriteKey}/analytics.min.js HTTP/1.1\r\nHost: h\r\n\r\n`.repeat(40),
);
const console = Buffer.from('GET /docs HTTP/1.1\r\nHost: h\r\n\r\n'.repeat(1_000));

/** Every kind of hostile client that the server has to bear. */
export const attacks = {
  'slow-headers': {
    about: 'a header now and then, and never the last',
    connections: 3_000,
    perSecond: 3_000,
    begin: (socket) => void socket.write('POST /v1/track HTTP/1.1\r\nHost: h\r\n'),
    drip: (socket) => void socket.write('X-Drip: 1\r\n'),
    answered: () => undefined,
  },
  'slow-body': {
    about: 'a byte of the body now and then, and never the last',
    connections: 3_000,
    perSecond: 3_000,
    begin: (socket) =>
      void socket.write(`${head('/v1/batch', testWriteKey)}Content-Length: 400000\r\n\r\n{`),
    drip: (socket) => void socket.write(' '),
    answered: () => undefined,
  },
  flood: {
    about: 'connections on which nothing is said',
    connections: 20_000,
    perSecond: 2_000,
    begin: () => undefined,
    answered: () => undefined,
  },
  'gzip-bombs': {
    about:
      '200 bodies a second of up to 390 KB that would be hundreds of MB, some calling themselves small',
    connections: 200,
    perSecond: 200,
    begin: () => undefined,
    drip: throwBomb,
    answered: () => undefined,
  },
  unread: {
    about: 'requests for large files, none of which is read',
    // The system keeps megabytes for each, here on both ends: more would be a test of the system.
    connections: 150,
    perSecond: 40,
    begin: (socket) => void socket.write(largeFile),
  },
  pipeline: {
    about: '1,500 requests in one go, none of whose answers is read',
    connections: 100,
    perSecond: 10,
    begin: (socket) => void socket.write(pipelined),
  },
  'pipeline-control': {
    about: '1,000 requests for the control plane in one go',
    connections: 100,
    perSecond: 10,
    begin: (socket) => void socket.write(console),
  },
} satisfies Record<string, Attack>;

export type AttackName = keyof typeof attacks;
