/** Milliseconds since the epoch as the API shows them: RFC 3339, UTC. */
export function configTime(time: number | string): string {
  return new Date(Number(time)).toISOString();
}
