import { createServer } from 'node:http';

// <port> <tail URL> <token> <count>: watches a live tail `count` times; POST is answered once all
// streams are open, GET with how many events were shown.
const [, , port, url = '', token = '', count = '1'] = process.argv;
let shown = 0;

async function watch(opened: () => void): Promise<void> {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  if (answer.status !== 200 || answer.body === null) throw new Error(`tail: ${answer.status}`);
  opened();
  for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
    shown += chunk.split('\nevent:').length - 1 + (chunk.startsWith('event:') ? 1 : 0);
  }
}

const ready = Array.from(
  { length: Number(count) },
  () =>
    new Promise<void>((resolve, reject) => {
      watch(resolve).catch(reject);
    }),
);

const server = createServer((request, response) => {
  if (request.method === 'GET') return response.end(String(shown));
  void Promise.all(ready).then(() => response.end());
  return response;
});
server.listen(Number(port), '127.0.0.1');
