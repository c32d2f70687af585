import { TributaryError } from '../core/errors.ts';
import { isRole } from './node/role.ts';

const [command, ...rest] = process.argv.slice(2);
const role = rest[0];
try {
  if (command === 'role' && isRole(role)) {
    const { runRole } = await import('./node/run-role.ts');
    runRole(role);
  } else if (command === 'serve' && rest.length === 0) {
    // Past the command-line parser: the supervisor stays, and is to stay small.
    const { serve } = await import('./serve.ts');
    await serve();
  } else {
    const { runCli } = await import('./cli/run-cli.ts');
    await runCli(process.argv);
  }
} catch (error) {
  if (!(error instanceof TributaryError)) throw error;
  process.stderr.write(`tributary: ${error.message}\n`);
  process.exitCode = 1;
}
