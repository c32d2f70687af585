import { TributaryError } from '../../core/errors.ts';
import { type ConfigOperation, configRead } from './frame/config-operation.ts';
import { Nothing } from './frame/nothing.ts';

/** Operations of Segment's that are known and not offered here: 501, so that a client can tell them from a wrong path. */
export const absentOperations: readonly ConfigOperation[] = [
  absent('configPreviewFunction', '/workspaces/{workspace}/functions/preview', 'Functions'),
  absent('configCreateApp', '/workspaces/{workspace}/apps', 'Partner Apps'),
];

function absent(operationId: string, path: string, tag: string): ConfigOperation {
  return configRead({
    operationId,
    method: 'POST',
    path,
    tag,
    summary: 'Not offered by this server: 501',
    permission: 'read',
    area: 'workspace',
    response: Nothing,
    handle: () => {
      throw new TributaryError('not_implemented', `This server does not offer POST ${path}`);
    },
  });
}
