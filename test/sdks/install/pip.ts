import { install, installed } from './cache.ts';

/** Installs a package of PyPI with what it needs; returns the folder for PYTHONPATH. */
export function pip(requirement: string): string {
  const name = requirement.replace(/\W+/g, '-');
  return installed(`pip-${name}`, [requirement], (folder) => {
    install(
      'python3',
      ['-m', 'pip', 'install', '--quiet', '--target', folder, requirement],
      folder,
    );
  });
}
