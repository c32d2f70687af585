import type { HostOperation } from './host-operation.ts';
import { CallProblem, textOf } from './read-call.ts';

const longest = 64 * 1024;

/** `URL` of functions. */
export const urlCalls: Readonly<Record<string, HostOperation>> = {
  url: ([address, base]) => partsOf(parse(address, base)),
  'url.set': ([address, name, value]) => {
    const url = parse(address, undefined);
    if (name === 'search') url.search = textOf(value);
    else if (name === 'hash') url.hash = textOf(value);
    else if (name === 'pathname') url.pathname = textOf(value);
    else if (name === 'protocol') url.protocol = textOf(value);
    else if (name === 'host') url.host = textOf(value);
    else if (name === 'hostname') url.hostname = textOf(value);
    else if (name === 'port') url.port = textOf(value);
    else if (name === 'username') url.username = textOf(value);
    else if (name === 'password') url.password = textOf(value);
    else if (name === 'href') return partsOf(parse(value, undefined));
    return partsOf(url);
  },
};

function parse(address: unknown, base: unknown): URL {
  const text = textOf(address);
  if (text.length > longest) throw new CallProblem('The address is too long');
  const parsed = URL.parse(text, base === undefined ? undefined : textOf(base));
  if (parsed === null) throw new CallProblem(`Invalid URL: ${text.slice(0, 200)}`);
  return parsed;
}

function partsOf(url: URL): Record<string, string> {
  const { href, protocol, username, password, host, hostname, port } = url;
  const { pathname, search, hash, origin } = url;
  return {
    ...{ href, protocol, username, password, host, hostname, port },
    ...{ pathname, search, hash, origin },
  };
}
