import { createServer } from 'node:http';

// The yardstick: node:http that reads a request's body, throws it away and answers as a Tracking API does.
const answer = Buffer.from('{"success":true}');
const headers = { 'content-type': 'application/json', 'content-length': answer.length };

const server = createServer((request, response) => {
  request.on('data', () => undefined);
  request.on('end', () => response.writeHead(200, headers).end(answer));
});
server.keepAliveTimeout = 0;
server.listen(Number(process.argv[2]), '127.0.0.1');
