import type { Json } from '../../core/json.ts';

export function printJson(value: Json | undefined): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
