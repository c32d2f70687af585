/**
 * The two sides of an isolate. What stands in this folder runs inside of it: each file exports one
 * function whose source text is sent there (see guest-script.ts). Such a function may use nothing from
 * outside of itself but types and the globals of an isolate: V8's own, and those that parts installed
 * before it made. There is no Node in there.
 */
export interface Guest {
  /** Makes a global that code may replace or shadow. */
  readonly define: (name: string, value: unknown) => void;
  /** The same, made when it is first used: a context that does not use it pays nothing. */
  readonly lazy: (name: string, make: () => unknown) => void;
  /** Asks the host; throws what the host says is wrong. */
  readonly call: HostCall;
  /** What resumes when the host answers: a request or a timer, by its id. */
  readonly pending: Map<number, (...answer: readonly unknown[]) => void>;
  /** Loads a library of ours, or one of `modules`. */
  readonly require: (name: string) => unknown;
  /** Stand-ins for modules of Node that the libraries ask for. */
  readonly modules: Record<string, () => unknown>;
  /** What code did in the invocation that runs now. */
  readonly record: { logs: LogLine[]; logRoom: number; logsCut: boolean; emitted: unknown[] };
}

export type HostCall = (operation: string, ...values: readonly unknown[]) => unknown;

export interface LogLine {
  readonly level: string;
  readonly text: string;
}

/** What the parts are told when they are installed. */
export interface GuestOptions {
  readonly kind: string;
  readonly logLength: number;
  /** Sentences for globals that are not offered, by name. */
  readonly unavailable: Readonly<Record<string, string>>;
}

export type GuestPart = (guest: Guest, options: GuestOptions) => void;
