import type { Command } from 'commander';

const source = ['--source <id>', 'of this source only'] as const;

/** `tributary archive …`: on this machine's store and the archive itself, while the server runs or not. */
export function addArchiveCommands(program: Command): void {
  const archive = program.command('archive').description('look at the archive of events');
  archive
    .command('list')
    .description('list what the archive holds by source and day, and what has expired')
    .option(...source)
    .option('--files', 'each file')
    .action(async (options) => (await import('./archive.ts')).listArchive(options));
  archive
    .command('verify')
    .description('read every file and hold it against the manifest; the exit code tells')
    .action(async () => (await import('./archive.ts')).verify());
  archive
    .command('restore')
    .description('write the events of a range as lines of JSON; needs the files alone')
    .requiredOption('--from <time>', 'ISO 8601, events received at or after it')
    .option('--to <time>', 'ISO 8601, events received before (default: now)')
    .option(...source)
    .option('--objects', 'objects of the Objects API in place of events')
    .option('--out <file>', 'a new file (default: standard output)')
    .action(async (options) => (await import('./archive.ts')).restore(options));
}
