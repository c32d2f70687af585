import { type Command, Option } from 'commander';
import { processEnvironment } from '../config/config.ts';
import type { ServerCommands } from './source-commands.ts';

/** `tributary export` and `tributary apply`: configuration as code (docs/guides/configuration-as-code.md). */
export function addAsCodeCommands(program: Command, { onServer, client }: ServerCommands): void {
  onServer(program.command('export'))
    .description('write the configuration of the server into files for `tributary apply`')
    .argument('<folder>', 'where to; files of the same names are overwritten')
    .addOption(new Option('--format <format>').choices(['yaml', 'json']).default('yaml'))
    .action(async (folder, options) => {
      const { exportTo } = await import('./as-code/export.ts');
      await exportTo(await client(options), folder, options.format);
    });
  onServer(program.command('apply'))
    .description('make the server as files want it; shows what would change and asks first')
    .argument('<folder>', 'with YAML and JSON files, however cut and named')
    .option('--yes', 'do not ask', false)
    .option(
      '--dry-run',
      'only show the plan; the exit code is 2 when it has something to do',
      false,
    )
    .option('--prune', 'remove what the files do not have, of the kinds that they name', false)
    .option('--secrets', 'write every secret that is given, also one whose mask is the same', false)
    .action(async (folder, options) => {
      const { apply } = await import('./as-code/apply.ts');
      const variables = processEnvironment();
      process.exitCode = await apply(await client(options), folder, variables, options);
    });
}
