import type { Functions } from '../../core/functions.ts';
import { openJsonSettings, type SecretBox } from '../../core/secret-box.ts';
import type { RunSourceFunction } from '../../ingest/functions/function-routes.ts';
import type { NodeContext } from '../node/node-context.ts';
import { readSecretBox } from '../node/secret-key.ts';
import { lazyHttp } from './lazy-http.ts';

export interface SourceFunctions {
  readonly run: RunSourceFunction;
  stop(): Promise<void>;
}

/** Source functions, as ingest runs them. Nothing of them is loaded before the first request to one. */
export function sourceFunctions({
  config,
  clock,
  logger,
}: Pick<NodeContext, 'config' | 'clock' | 'logger'>): SourceFunctions {
  const http = lazyHttp({ allowPrivateTargets: config.allowPrivateTargets, clock });
  let functions: Functions | undefined;
  let box: SecretBox | undefined;
  const load = async (): Promise<Functions> => {
    const { createFunctions } = await import('../../functions/create-functions.ts');
    functions ??= createFunctions({ http, clock, logger });
    return functions;
  };
  return {
    run: async (sourceId, { version, secrets, settings }, request) => {
      const engine = functions ?? (await load());
      const isSealed = secrets.some((name) => settings[name] !== undefined);
      if (isSealed) box ??= readSecretBox(config);
      return engine.invoke({
        ...{ version, secrets },
        instance: sourceId,
        settings: box === undefined ? settings : openJsonSettings(box, settings, sourceId),
        input: { kind: 'request', request },
      });
    },
    stop: async () => {
      await functions?.stop();
      await http.close();
    },
  };
}
