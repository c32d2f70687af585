import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EventType } from '../core/event.ts';
import type { Payload } from './payload.ts';
import type { Problem } from './problem.ts';
import type { Refusal } from './refusal.ts';
import type { Quota } from './source-state.ts';
import type { WriteKey } from './write-key.ts';

/** `'batch'` for `/v1/batch` and its like, else the call of the path. */
export type TrackingPath = EventType | 'batch';

/** How a call is answered; `Answers` is what the Tracking API says. */
export interface CallAnswers {
  success(response: ServerResponse, quota: Quota): void;
  ok(response: ServerResponse, quota: Quota, body: string): void;
  problem(response: ServerResponse, problem: Problem, quota?: Quota): void;
}

/** What distinguishes the calls of one path, or of another tracking wire. */
export interface Wire {
  readonly path: TrackingPath;
  readonly answers: CallAnswers;
  /** Bytes a body may have, whatever the source's limits say. */
  readonly mostBytes?: number;
  /** Items of its batches may be objects for the warehouses (core/objects.ts). */
  readonly takesObjects?: true;
  /** The wire promises that there is no limit of the rate. */
  readonly isUnlimited?: true;
  /** The server made the call itself, for this key: nothing in the head of the request counts. */
  readonly key?: WriteKey;
  /** The call of the Tracking API that a body stands for, or why it stands for none. Absent: it is one. */
  readonly translate?: (payload: Payload, request: IncomingMessage) => Payload | Refusal;
}
