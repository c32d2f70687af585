import type { TributaryError } from '../../core/errors.ts';

/**
 * Whether a part that could not start is to be started again: the disk that was full or failing may
 * be so no longer, while a configuration, a taken port or a log in other hands needs somebody to act.
 */
export function mayPass(error: TributaryError): boolean {
  return error.code === 'log_unavailable' || error.code === 'store_failed';
}
