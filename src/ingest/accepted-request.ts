import type { DiscardCode } from '../core/discard-codes.ts';
import type { EventType } from '../core/event.ts';
import type { Again, RefusedItem } from '../core/records.ts';
import type { AddressRule } from './guard-addresses.ts';
import type { Payload } from './payload.ts';

/** What a record depends on of its source. */
export interface RecordedSource {
  readonly id: string;
  /** What is kept of client addresses; undefined: all. */
  readonly addressRule?: AddressRule | undefined;
}

/** One request on its way into `accepted`. */
export interface AcceptedRequest {
  readonly source: RecordedSource;
  readonly payload: Payload;
  /** receivedAt, milliseconds. */
  readonly time: number;
  /** Absent for a batch. */
  readonly call?: EventType | undefined;
  /** Items of a batch, refused ones included. */
  readonly items?: number | undefined;
  readonly ip: string | undefined;
  readonly userAgent: string | undefined;
  readonly refused?: readonly RefusedItem[] | undefined;
  readonly nonce?: string | undefined;
  readonly discard?: DiscardCode | undefined;
  /** It came by a test key. */
  readonly test?: true | undefined;
  /** It says of itself that it is a prefetch; only where the source asks. */
  readonly prefetch?: true | undefined;
  /** It was a discard. */
  readonly again?: Again | undefined;
}

/** The meta of its record, an `AcceptedMeta` as JSON text. Put together by hand: it is made for each request. */
export function metaText(request: AcceptedRequest): string {
  let text = `{"t":${request.time}`;
  if (request.call !== undefined) text += `,"call":"${request.call}"`;
  if (request.items !== undefined) text += `,"n":${request.items}`;
  if (request.ip !== undefined) text += `,"ip":"${request.ip}"`;
  if (request.userAgent !== undefined) text += `,"ua":${JSON.stringify(request.userAgent)}`;
  if (request.nonce !== undefined) text += `,"nonce":"${request.nonce}"`;
  if (request.discard !== undefined) text += `,"discard":"${request.discard}"`;
  if (request.test !== undefined) text += `,"test":true`;
  if (request.prefetch !== undefined) text += `,"prefetch":true`;
  if (request.again !== undefined) text += `,"again":${JSON.stringify(request.again)}`;
  if (request.refused !== undefined) text += `,"refused":${JSON.stringify(request.refused)}`;
  return `${text}}`;
}
