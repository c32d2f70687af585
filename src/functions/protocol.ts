import type {
  FunctionInput,
  FunctionKind,
  FunctionReport,
  FunctionVersion,
} from '../core/functions.ts';

/** What the code may take. Fixed when the process starts. */
export interface FunctionBounds {
  /** Of one invocation, from the start of its handler, ms. */
  readonly wallMs: number;
  /** Of one uninterrupted stretch of code, ms. */
  readonly cpuMs: number;
  /** A process with work is asked for a sign of life this often. */
  readonly pingMs: number;
  /** Of one version and instance: heap and buffers together. */
  readonly memoryMegabytes: number;
  /** Invocations of one version and instance that run at once, each in a context of its own. */
  readonly contexts: number;
  /** Invocations of one version and instance that may wait. */
  readonly waiting: number;
  /** Versions and instances kept warm in a process. */
  readonly instances: number;
  /** Characters of logs that one invocation keeps. */
  readonly logLength: number;
  /** Characters that one invocation may return, or send. */
  readonly resultLength: number;
  /** Requests that one invocation may make. */
  readonly requests: number;
  /** Bytes of a request, and of an answer, of `fetch`. */
  readonly requestBytes: number;
  readonly answerBytes: number;
}

/** One invocation on its way to the process. The code itself travels once, ahead of it. */
export interface Job {
  readonly id: number;
  readonly version: string;
  readonly kind: FunctionKind;
  readonly instance: string;
  readonly settings: string;
  readonly input: FunctionInput;
  readonly trial: boolean;
}

export interface FetchCall {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | Uint8Array | undefined;
  readonly redirect: string;
}

export type FetchAnswer =
  | {
      readonly ok: true;
      readonly status: number;
      readonly headers: readonly (readonly [name: string, value: string])[];
      readonly url: string;
      readonly redirected: boolean;
      readonly body: Uint8Array;
    }
  | { readonly ok: false; readonly problem: string };

export type ToFunctions =
  | { readonly kind: 'start'; readonly bounds: FunctionBounds }
  | { readonly kind: 'version'; readonly version: FunctionVersion }
  | { readonly kind: 'forget'; readonly version: string }
  | { readonly kind: 'invoke'; readonly job: Job }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: FetchAnswer }
  | { readonly kind: 'ping' };

export type FromFunctions =
  | { readonly kind: 'result'; readonly id: number; readonly report: JobReport }
  | {
      readonly kind: 'fetch';
      readonly id: number;
      readonly job: number;
      readonly call: FetchCall;
      readonly withinMs: number;
    }
  | { readonly kind: 'abandon'; readonly id: number }
  | { readonly kind: 'pong'; readonly residentBytes: number };

/** A report before secrets are blacked out; the traces are the parent's to know. */
export interface JobReport extends Omit<FunctionReport, 'traces'> {
  /** It ended through a bound: its function runs apart from the others for a while. */
  readonly offence: boolean;
}
