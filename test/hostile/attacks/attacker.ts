import { createServer } from 'node:http';
import type { Attack } from './attack.ts';
import { attacks } from './attacks.ts';
import { holdConnections, type RunningAttack } from './hold-connections.ts';

// Started by start-attack.ts, <port> <kind> <port attacked>: attacks until it is killed. GET says what came of it.
const [, , port, kind, target] = process.argv;
const chosen = Object.entries<Attack>(attacks).find(([name]) => name === kind)?.[1];
if (chosen === undefined) throw new Error(`there is no attack ${kind}`);
let running: RunningAttack | undefined;

const server = createServer((_request, response) => {
  running ??= holdConnections(Number(target), chosen);
  response.end(JSON.stringify(running.counts()));
});
server.listen(Number(port), '127.0.0.1');
