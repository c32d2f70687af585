import { TributaryError } from '../core/errors.ts';
import { isChildName } from './node/process-name.ts';

/** Of a server that cannot start as it is configured: the script that keeps it running does not try again. */
const cannotServe = 78;

const [command, argument] = process.argv.slice(2);
try {
  if (command === 'child' && isChildName(argument)) {
    const { runChild } = await import('./node/run-child.ts');
    runChild(argument);
  } else if (command === 'load') {
    const { runLoader } = await import('./load/run-loader.ts');
    runLoader();
  } else if (command === 'serve' && !argument?.startsWith('-')) {
    // Past the command-line parser: this process stays, and is to stay small.
    const { serve } = await import('./serve.ts');
    await serve(Number(argument ?? 0));
  } else {
    const { runCli } = await import('./cli/run-cli.ts');
    await runCli(process.argv);
  }
} catch (error) {
  if (!(error instanceof TributaryError)) throw error;
  process.stderr.write(`tributary: ${error.message}\n`);
  process.exitCode = command === 'serve' ? cannotServe : 1;
}
