/** Milliseconds as people write them: `1h 2m 3s`, `4m 0s`, `0s`. */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1_000);
  const parts = [
    [Math.floor(seconds / 3_600), 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([amount]) => amount > 0);
  return parts
    .slice(first === -1 ? -1 : first)
    .map(([amount, unit]) => `${amount}${unit}`)
    .join(' ');
}
