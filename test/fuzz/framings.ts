import type { Random } from '../rig/random.ts';
import type { Framed, Framing, Outcome } from './wire-request.ts';

const empty = Buffer.alloc(0);

/** No body and no word of one. */
export const bodiless: Framing = {
  name: 'no body',
  frame: () => ({ headers: [], tail: empty, outcome: 'complete' }),
};

export const withLength: Framing = {
  name: 'Content-Length',
  frame: (body) => ({
    headers: [`Content-Length: ${body.length}`],
    tail: body,
    outcome: 'complete',
  }),
};

/** Chunks of at most `size` bytes. */
export const inChunks = (size: number, extension = '', trailers = ''): Framing => ({
  name: `chunks of ${size}`,
  frame: (body) => ({
    headers: ['Transfer-Encoding: chunked'],
    tail: chunked(body, size, extension, trailers),
    outcome: 'complete',
  }),
});

function chunked(body: Buffer, size: number, extension = '', trailers = ''): Buffer {
  const parts: (string | Buffer)[] = [];
  // A large body in single bytes would only take long.
  const step = Math.max(size, Math.ceil(body.length / 2_000));
  for (let at = 0; at < body.length; at += step) {
    const chunk = body.subarray(at, at + step);
    parts.push(`${chunk.length.toString(16)}${extension}\r\n`, chunk, '\r\n');
  }
  parts.push(`0\r\n${trailers}\r\n`);
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

/** A whole event behind the request, which nobody may take for a second one. */
const smuggled =
  'POST /v1/track HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60\r\n\r\n';

const misframed = (
  name: string,
  outcome: Outcome,
  frame: (body: Buffer) => Omit<Framed, 'outcome'>,
): Framing => ({ name, frame: (body) => ({ ...frame(body), outcome }) });

const lengthIs = (text: (length: number) => string): Framing =>
  misframed(`Content-Length written ${text(5)}`, 'broken', (body) => ({
    headers: [`Content-Length: ${text(body.length)}`],
    tail: body,
  }));

const codingIs = (line: string, outcome: Outcome = 'broken'): Framing =>
  misframed(line, outcome, (body) => ({ headers: [line], tail: chunked(body, 1_000) }));

const chunkIs = (name: string, tail: (body: Buffer) => string | Buffer): Framing =>
  misframed(`chunk ${name}`, 'broken', (body) => ({
    headers: ['Transfer-Encoding: chunked'],
    tail: Buffer.from(tail(body)),
  }));

/** Framings that no server may take. */
const brokenFramings: readonly Framing[] = [
  misframed('Content-Length and Transfer-Encoding', 'broken', (body) => ({
    headers: [`Content-Length: ${body.length}`, 'Transfer-Encoding: chunked'],
    tail: Buffer.concat([chunked(body, 1_000), Buffer.from(smuggled)]),
  })),
  misframed('Transfer-Encoding and Content-Length', 'broken', (body) => ({
    headers: ['Transfer-Encoding: chunked', 'Content-Length: 4'],
    tail: chunked(body, 1_000),
  })),
  misframed('two lengths', 'broken', (body) => ({
    headers: [`Content-Length: ${body.length}`, `Content-Length: ${body.length + 1}`],
    tail: Buffer.concat([body, Buffer.from(smuggled)]),
  })),
  misframed('two equal lengths', 'broken', (body) => ({
    headers: [`Content-Length: ${body.length}`, `Content-Length: ${body.length}`],
    tail: body,
  })),
  lengthIs((length) => `+${length}`),
  lengthIs((length) => `-${length}`),
  lengthIs((length) => `0x${length.toString(16)}`),
  lengthIs((length) => `${length}, ${length}`),
  lengthIs((length) => `${length} ${length}`),
  lengthIs((length) => `${length}.0`),
  lengthIs((length) => `${length}e0`),
  lengthIs(() => '99999999999999999999999'),
  lengthIs(() => '18446744073709551617'),
  codingIs('Transfer-Encoding: xchunked'),
  codingIs('Transfer-Encoding: chunked, identity'),
  codingIs('Transfer-Encoding: identity'),
  codingIs('Transfer-Encoding : chunked'),
  codingIs('Transfer-Encoding: "chunked"'),
  codingIs('Transfer-Encoding:\r\n chunked', 'loose'),
  codingIs('Transfer-Encoding: chunked, chunked', 'loose'),
  codingIs('Transfer-Encoding: gzip, chunked', 'loose'),
  codingIs('Transfer-Encoding: CHUNKED', 'loose'),
  misframed('chunks with a length behind them', 'loose', (body) => ({
    headers: ['Transfer-Encoding: chunked'],
    tail: chunked(body, 500, '', 'Content-Length: 5\r\nTransfer-Encoding: x\r\n'),
  })),
  chunkIs('size negative', (body) => `-${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`),
  chunkIs('size not hex', (body) => `zz\r\n${body}\r\n0\r\n\r\n`),
  chunkIs('size with 0x', (body) => `0x${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`),
  chunkIs('size too large for any number', (body) => `${'f'.repeat(24)}\r\n${body}\r\n0\r\n\r\n`),
  chunkIs('longer than its size', (body) => `1\r\n${body}xx\r\n0\r\n\r\n`),
  chunkIs('without a size', (body) => `\r\n${body}\r\n0\r\n\r\n`),
];

/** A framing that is wrong in some way. `looseness` draws further parameters. */
export function oddFraming(dice: Random): Framing {
  const draw = dice.next();
  if (draw < 0.6) return dice.pick(brokenFramings);
  if (draw < 0.75) {
    const missing = dice.between(1, 20);
    return misframed('Content-Length too long', 'open', (body) => ({
      headers: [`Content-Length: ${body.length + missing}`],
      tail: body,
    }));
  }
  if (draw < 0.9) {
    const over = dice.between(1, 20);
    return {
      name: 'Content-Length too short',
      frame: (body) => {
        const length = Math.max(0, body.length - over);
        return {
          headers: [`Content-Length: ${length}`],
          tail: body,
          outcome: 'complete',
          read: body.subarray(0, length),
          thenBroken: body.length > length,
        };
      },
    };
  }
  const cut = dice.between(1, 12);
  return misframed('chunks cut off', 'open', (body) => {
    const tail = chunked(body, 1_000);
    return { headers: ['Transfer-Encoding: chunked'], tail: tail.subarray(0, -cut) };
  });
}

/** A framing that every client may use. */
export function goodFraming(dice: Random): Framing {
  const draw = dice.next();
  if (draw < 0.6) return withLength;
  if (draw < 0.9) return inChunks(dice.pick([1, 7, 100, 1_460, 16_384, 1_000_000]));
  if (draw < 0.95) return inChunks(500, ';name="value"');
  return inChunks(500, '', 'X-Trailer: 1\r\nAuthorization: x\r\n');
}
