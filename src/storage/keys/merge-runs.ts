import { TributaryError } from '../../core/errors.ts';
import type { Run } from './run.ts';
import { keyBytes } from './run-format.ts';
import type { RunWriter } from './run-writer.ts';

/** Keys merged before giving way: 2 to 3 milliseconds of work. */
const sliceKeys = 64 * 1_024;
/** Keys of a run read at once. */
const readKeys = 16 * 1_024;

interface Input {
  readonly run: Run;
  readonly bytes: Buffer;
  readonly words: Uint32Array;
  /** Keys read from the file so far. */
  read: number;
  /** Words of the buffer that are filled, and where the next key stands. */
  end: number;
  at: number;
}

/**
 * Writes the keys of the runs in order, each once. It gives way to the event loop at every read
 * and write. False when `stopped` said so in between.
 */
export async function mergeRuns(
  runs: readonly Run[],
  writer: RunWriter,
  stopped: () => boolean,
): Promise<boolean> {
  let inputs = runs.map(inputOf);
  const out = new Uint32Array(sliceKeys * 2);
  let filled = 0;
  let lastHi = 0;
  let lastLo = 0;
  for (;;) {
    if (stopped()) return false;
    for (const input of inputs) if (input.at === input.end) await refill(input);
    inputs = inputs.filter((input) => input.at < input.end);
    if (inputs.length === 0) break;
    // Until one input has run dry or the slice is full.
    for (let dry = false; !dry && filled < out.length; ) {
      let least: Input | undefined;
      let hi = 0;
      let lo = 0;
      for (const input of inputs) {
        const high = input.words[input.at] ?? 0;
        const low = input.words[input.at + 1] ?? 0;
        if (least === undefined || high < hi || (high === hi && low < lo)) {
          least = input;
          hi = high;
          lo = low;
        }
      }
      if (least === undefined) break;
      least.at += 2;
      dry = least.at === least.end;
      if (hi === lastHi && lo === lastLo) continue;
      out[filled] = hi;
      out[filled + 1] = lo;
      filled += 2;
      lastHi = hi;
      lastLo = lo;
    }
    if (filled === out.length) {
      await writer.push(out);
      filled = 0;
    }
  }
  if (filled > 0) await writer.push(out.subarray(0, filled));
  return true;
}

function inputOf(run: Run): Input {
  const bytes = Buffer.from(new ArrayBuffer(readKeys * keyBytes));
  const words = new Uint32Array(bytes.buffer);
  return { run, bytes, words, read: 0, end: 0, at: 0 };
}

async function refill(input: Input): Promise<void> {
  const { run, bytes } = input;
  const wanted = Math.min(readKeys, run.footer.count - input.read) * keyBytes;
  let done = 0;
  while (done < wanted) {
    const position = input.read * keyBytes + done;
    const { bytesRead } = await run.handle.read(bytes, done, wanted - done, position);
    if (bytesRead === 0) {
      throw new TributaryError('log_corrupt', `${run.path} has become shorter than it was`);
    }
    done += bytesRead;
  }
  input.read += wanted / keyBytes;
  input.end = (wanted / keyBytes) * 2;
  input.at = 0;
}
