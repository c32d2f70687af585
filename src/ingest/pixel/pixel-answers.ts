import type { ServerResponse } from 'node:http';
import type { CallAnswers } from '../wire.ts';

/** A transparent GIF of one by one pixel. */
const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** A page or a mail shows a picture, whatever became of the event (spec tracking-api §2.3). */
export const pixelAnswers: CallAnswers = {
  success: sendPixel,
  ok: sendPixel,
  problem: sendPixel,
};

export function sendPixel(response: ServerResponse): void {
  response
    .writeHead(200, {
      'Content-Type': 'image/gif',
      'Content-Length': gif.length,
      // Each showing is an event of its own.
      'Cache-Control': 'no-store, no-cache, must-revalidate, private',
      'Access-Control-Allow-Origin': '*',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    })
    .end(gif);
}
