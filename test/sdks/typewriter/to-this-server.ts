/**
 * Loaded before typewriter, whose address of the Config API is fixed: what goes to platform.segmentapis.com goes
 * to the server of TYPEWRITER_SERVER.
 */
import http, { type RequestOptions } from 'node:http';
import https from 'node:https';

const server = new URL(process.env['TYPEWRITER_SERVER'] ?? 'http://127.0.0.1:1');
const original = https.request;

Reflect.set(https, 'request', (...args: unknown[]) => {
  const [options, ...rest] = args;
  if (!isOptions(options) || !String(options.hostname).endsWith('segmentapis.com')) {
    return Reflect.apply(original, https, args);
  }
  const { hostname, port } = server;
  const here = { ...options, protocol: 'http:', host: hostname, hostname, port, agent: undefined };
  return Reflect.apply(http.request, http, [here, ...rest]);
});

function isOptions(value: unknown): value is RequestOptions {
  return typeof value === 'object' && value !== null && 'hostname' in value;
}
