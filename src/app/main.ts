import { isRole } from './node/role.ts';

const [command, role] = process.argv.slice(2);
if (command === 'role' && isRole(role)) {
  const { runRole } = await import('./node/run-role.ts');
  runRole(role);
} else {
  const { runCli } = await import('./cli/run-cli.ts');
  await runCli(process.argv);
}
