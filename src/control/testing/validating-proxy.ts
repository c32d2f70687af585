import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from '../../core/json.ts';
import { type AnswerValidator, answerValidator } from './answer-validator.ts';

/** Stands between a client and an API, and looks at every answer that passes. */
export interface ValidatingProxy {
  /** Address to give the client; the path is that of the target. */
  readonly address: string;
  /** What was wrong with the answers so far. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

/** `target` is the address of an API, e.g. `http://127.0.0.1:8080/api`; its own OpenAPI document is the measure. */
export async function validatingProxy(target: string): Promise<ValidatingProxy> {
  const document: Json = JSON.parse(await (await fetch(`${target}/openapi.json`)).text());
  const validator = answerValidator(document);
  const problems: string[] = [];
  const { origin, pathname: base } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    const passing = request(
      `${origin}${incoming.url}`,
      { method: incoming.method, headers: incoming.headers },
      (answer) => passOn(answer, outgoing, (body) => look(incoming, answer, body)),
    );
    passing.on('error', () => outgoing.destroy());
    incoming.pipe(passing);
  });
  function look(incoming: IncomingMessage, answer: IncomingMessage, body: string): void {
    const path = (incoming.url ?? '').split('?')[0]?.slice(base.length) || '/';
    problems.push(...judge(validator, incoming.method ?? '', path, answer, body));
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}${base}`,
    problems,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function passOn(
  answer: IncomingMessage,
  outgoing: ServerResponse,
  look: (body: string) => void,
): void {
  const chunks: Buffer[] = [];
  answer.on('data', (chunk: Buffer) => chunks.push(chunk));
  answer.on('end', () => {
    const body = Buffer.concat(chunks);
    look(body.toString());
    outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
    outgoing.end(body);
  });
}

function judge(
  validator: AnswerValidator,
  method: string,
  path: string,
  answer: IncomingMessage,
  body: string,
): string[] {
  const parsed: Json | undefined = body === '' ? undefined : JSON.parse(body);
  return validator.problems(method, path, answer.statusCode ?? 0, parsed);
}
