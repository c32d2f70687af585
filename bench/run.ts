import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensure } from '../test/services/service.ts';
import { wrk } from '../test/services/wrk.ts';
import type { Bench, Section } from './bench.ts';
import { type Finding, findingLine, verdict } from './finding.ts';
import { coreLayout, flushTimes, machineFacts } from './machine.ts';
import { archive } from './sections/archive.ts';
import { batch } from './sections/batch.ts';
import { cluster } from './sections/cluster.ts';
import { control } from './sections/control.ts';
import { deliver } from './sections/deliver.ts';
import { functions } from './sections/functions.ts';
import { hostile } from './sections/hostile.ts';
import { idle } from './sections/idle.ts';
import { latency } from './sections/latency.ts';
import { memory } from './sections/memory.ts';
import { memoryFull } from './sections/memory-full.ts';
import { neighbours } from './sections/neighbours.ts';
import { oneCore } from './sections/one-core.ts';
import { sick } from './sections/sick.ts';
import { single } from './sections/single.ts';
import { slowFlush } from './sections/slow-flush.ts';
import { start } from './sections/start.ts';
import { tail } from './sections/tail.ts';
import { warehouse } from './sections/warehouse.ts';

const sections: readonly Section[] = [
  start,
  idle,
  single,
  batch,
  latency,
  slowFlush,
  deliver,
  sick,
  functions,
  neighbours,
  tail,
  oneCore,
  memory,
  memoryFull,
  hostile,
  cluster,
  control,
  warehouse,
  archive,
];

const usage = `npm run bench -- [section…] [--quick] [--rounds n] [--folder path] [--json file]
sections: ${sections.map(({ name }) => name).join(' ')} (default: all)`;

const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    folder: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const unknown = positionals.filter((name) => !sections.some((section) => section.name === name));
if (given.help || unknown.length > 0) {
  print(unknown.length > 0 ? `unknown: ${unknown.join(' ')}\n${usage}` : usage);
  process.exit(unknown.length > 0 ? 2 : 0);
}
process.exitCode = await main();

/** 0 when every figure with a bar reaches it, else 1. */
async function main(): Promise<number> {
  if (!ensure(wrk)) {
    print('the load generator wrk is not here, and apt-get cannot install it');
    return 2;
  }
  const root = mkdtempSync(join(given.folder ?? tmpdir(), 'tributary-bench-'));
  process.once('exit', () => rmSync(root, { recursive: true, force: true }));
  process.once('SIGINT', () => process.exit(130));
  let folders = 0;
  const bench: Bench = {
    quick: given.quick,
    rounds: Number(given.rounds ?? (given.quick ? 2 : 8)),
    slotSeconds: 1,
    cores: coreLayout(),
    folder: () => join(root, String(folders++)),
    say: print,
  };
  const machine = { ...machineFacts(root), flush: flushTimes(root) };
  print(JSON.stringify(machine));
  if (given.quick) print('quick: too few rounds for figures to be used');

  const chosen = sections.filter(
    ({ name }) => positionals.length === 0 || positionals.includes(name),
  );
  const findings: Finding[] = [];
  for (const section of chosen) {
    print(`\n${section.name}: ${section.about}`);
    const found = await section.run(bench);
    for (const one of found) print(findingLine(one));
    findings.push(...found);
    rmSync(root, { recursive: true, force: true });
  }
  if (given.json) writeFileSync(given.json, JSON.stringify({ machine, findings }, null, 2));
  const missed = findings.filter((found) => found.bar && verdict(found) !== 'PASS');
  print(`\n${findings.length} figures, ${missed.length} below their bar or invalid`);
  return missed.length === 0 ? 0 : 1;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
