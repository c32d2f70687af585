import { api, valueAt } from '../../test/rig/api.ts';
import type { Server } from '../../test/rig/server.ts';

/** The lists that cost the API most: many long rows, and a search through the logs that finds nothing. */
const heaviestLists = [
  '/api/sources?pagination[count]=1000',
  '/api/discards?code=retries_exhausted&pagination[count]=1000',
];

const sources = 300;
/** A token may ask 600 times a minute: enough of them that the loop is never told to wait. */
const tokens = 20;

export interface ApiLoop {
  /** Asks without a pause until `stop` is called, which resolves with the number of answers. */
  start(): { stop(): Promise<number> };
}

/** Makes the sources and tokens that the loop needs. */
export async function prepareApiLoop(server: Server): Promise<ApiLoop> {
  const catalog = await api(server, 'GET', '/catalog/sources?pagination[count]=1');
  const metadataId = String(valueAt(catalog, 'data.sourcesCatalog.0.id'));
  for (let index = 0; index < sources; index++) {
    await api(server, 'POST', '/sources', { slug: `bench-${index}`, metadataId });
  }
  const secrets: string[] = [];
  for (let index = 0; index < tokens; index++) {
    const made = await api(server, 'POST', '/tokens', { name: `${index}`, permission: 'read' });
    secrets.push(String(valueAt(made, 'data.secret')));
  }
  let asked = 0;
  return {
    start: () => {
      let stopped = false;
      const run = async () => {
        let answers = 0;
        while (!stopped) {
          const list = heaviestLists[asked % heaviestLists.length];
          const authorization = `Bearer ${secrets[Math.floor(asked / 2) % tokens]}`;
          asked++;
          const answer = await fetch(`${server.url}${list}`, { headers: { authorization } });
          await answer.arrayBuffer();
          if (answer.status !== 200) throw new Error(`${list}: ${answer.status}`);
          answers++;
        }
        return answers;
      };
      const running = run();
      return {
        stop: () => {
          stopped = true;
          return running;
        },
      };
    },
  };
}
