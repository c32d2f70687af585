import { createServer } from 'node:http';

// Started by own-process.ts: POST anything is counted, GET says how many so far.
let count = 0;

const server = createServer((request, response) => {
  if (request.method === 'GET') return response.end(String(count));
  request.on('data', () => undefined);
  request.on('end', () => {
    count++;
    response.writeHead(200, { 'content-length': 0 }).end();
  });
  return response;
});
server.keepAliveTimeout = 0;
server.listen(Number(process.argv[2]), '127.0.0.1');
