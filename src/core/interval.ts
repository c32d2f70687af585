const minute = 60_000;
const units: Readonly<Record<string, number>> = {
  m: minute,
  h: 60 * minute,
  d: 24 * 60 * minute,
  w: 7 * 24 * 60 * minute,
};

/** `15m`, `1h`, `2d`, `1w` as milliseconds: a minute to ten years. Undefined: not such a text. */
export function parseInterval(text: string): number | undefined {
  const [, count = '', unit = ''] = /^(\d{1,7})([mhdw])$/.exec(text) ?? [];
  const ms = Number(count) * (units[unit] ?? 0);
  return ms >= minute && ms <= 3_653 * 24 * 60 * minute ? ms : undefined;
}

/** The shortest such text; whole minutes. */
export function intervalText(ms: number): string {
  for (const unit of ['w', 'd', 'h']) {
    const length = units[unit] ?? 0;
    if (ms % length === 0) return `${ms / length}${unit}`;
  }
  return `${Math.round(ms / minute)}m`;
}
