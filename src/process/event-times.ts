import { formatTime } from './format-time.ts';
import { firstTime, lastTime, parseCanonical, parseTime } from './parse-time.ts';

/** The four stamps of an event, ISO 8601 in UTC with milliseconds. */
export interface EventTimes {
  readonly originalTimestamp: string;
  readonly sentAt: string | undefined;
  readonly timestamp: string;
}

/** What the client said, as it came. */
export interface ClientTimes {
  readonly timestamp: unknown;
  readonly originalTimestamp: unknown;
  readonly sentAt: unknown;
  /** The envelope's, for items without their own. */
  readonly batchSentAt: unknown;
}

/**
 * Stamps of an event (spec tracking-api §7.2): `timestamp = receivedAt − (sentAt − originalTimestamp)`.
 * The client's `timestamp` is the original; an explicit `originalTimestamp` counts only when there is
 * none (some SDKs fill it with the time of the call while `timestamp` is what their user gave). Without
 * a usable sentAt there is no skew to correct; without an original, everything is receivedAt. A
 * result that four digits of a year cannot say is no correction either.
 */
export function eventTimes(client: ClientTimes, receivedAt: number): EventTimes {
  const original = readStamp(client.timestamp) ?? readStamp(client.originalTimestamp);
  const sent = readStamp(client.sentAt) ?? readStamp(client.batchSentAt);
  if (original === undefined) {
    const received = formatTime(receivedAt);
    return { originalTimestamp: received, sentAt: sent?.text, timestamp: received };
  }
  const corrected = sent === undefined ? original.time : receivedAt - (sent.time - original.time);
  const usable = sent !== undefined && corrected >= firstTime && corrected <= lastTime;
  return {
    originalTimestamp: original.text,
    sentAt: sent?.text,
    timestamp: usable ? formatTime(corrected) : original.text,
  };
}

/** A client's stamp and how it is printed: as it came when it is in our form already. */
function readStamp(value: unknown): { readonly time: number; readonly text: string } | undefined {
  if (typeof value !== 'string') return undefined;
  const canonical = parseCanonical(value);
  if (canonical !== undefined) return { time: canonical, text: value };
  const time = parseTime(value);
  return time === undefined ? undefined : { time, text: formatTime(time) };
}
