import type { FunctionInvocation, FunctionReport } from '../core/functions.ts';
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
    let cleaned = text;
    for (const value of values) cleaned = cleaned.replaceAll(value, mark);
    return withoutBegun(cleaned, values);
  };
  const { outcome } = report;
  return {
    ...report,
    outcome: outcome.kind === 'failed' ? { ...outcome, message: clean(outcome.message) } : outcome,
    logs: report.logs.map(({ level, text }) => ({ level, text: clean(text) })),
    traces: report.traces.map((trace) => ({ ...trace, url: clean(trace.url) })),
  };
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
