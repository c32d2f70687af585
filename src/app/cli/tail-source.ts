import type { Client } from './client.ts';
import { findSource } from './sources.ts';

/** `tributary tail`: prints the live tail of a source, one line an event. */
export async function tailSource(client: Client, named: string | undefined): Promise<void> {
  const source = await findSource(client, named);
  const answer = await client.open(`/sources/${String(source['id'])}/tail`);
  process.stderr.write(`watching ${String(source['slug'])}; Ctrl-C ends it\n`);
  if (answer.body === null) return;
  let buffered = '';
  for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (buffered + chunk).split('\n\n');
    buffered = blocks.pop() ?? '';
    for (const block of blocks) printBlock(block);
  }
}

/** One server-sent event: its name and its data; comments are heartbeats. */
function printBlock(block: string): void {
  const lines = block.split('\n').filter((line) => !line.startsWith(':'));
  if (lines.length === 0) return;
  const field = (name: string) =>
    lines
      .filter((line) => line.startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).trim())
      .join('\n');
  process.stdout.write(`${field('event').padEnd(10)} ${field('data')}\n`);
}
