import type { FunctionInvocation, FunctionOutcome, FunctionReport } from '../core/functions.ts';
import { isJsonObject, type Json } from '../core/json.ts';

const mark = '••••';
/** Shorter texts are no secrets, and blacking them out would leave nothing to read. */
const shortest = 3;

/** The report with the values of secret settings blacked out of its logs and its message. */
export function redact(report: FunctionReport, invocation: FunctionInvocation): FunctionReport {
  const { secrets = [], settings } = invocation;
  const values = secrets
    .flatMap((name) => textsIn(settings[name]))
    .filter((text) => text.length >= shortest)
    .toSorted((a, b) => b.length - a.length);
  if (values.length === 0) return report;
  const clean = (text: string): string => {
    let open = text;
    for (const value of values) open = open.replaceAll(value, mark);
    return withoutBegun(open, values);
  };
  const { outcome } = report;
  return {
    ...report,
    outcome: cleaned(outcome, clean),
    logs: report.logs.map(({ level, text }) => ({ level, text: clean(text) })),
    traces: report.traces.map((trace) => ({ ...trace, url: clean(trace.url) })),
  };
}

/** What code returned as an event, or emitted, is its own affair; what people read is not. */
function cleaned(outcome: FunctionOutcome, clean: (text: string) => string): FunctionOutcome {
  if (outcome.kind === 'failed') return { ...outcome, message: clean(outcome.message) };
  if (outcome.kind !== 'items') return outcome;
  const items = outcome.items.map(({ status, message }) => ({ status, message: clean(message) }));
  return { kind: 'items', items };
}

/** A text that was cut may end with the beginning of a secret. */
function withoutBegun(text: string, values: readonly string[]): string {
  for (const value of values) {
    for (let length = value.length - 1; length >= shortest; length -= 1) {
      if (text.endsWith(value.slice(0, length))) return text.slice(0, -length) + mark;
    }
  }
  return text;
}

function textsIn(value: Json | undefined): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) {
    const list: readonly Json[] = value;
    return list.flatMap(textsIn);
  }
  return isJsonObject(value) ? Object.values(value).flatMap(textsIn) : [];
}
