/**
 * Whether the `aud` of an assertion means this server: a URL with one of its host names. Scheme and path
 * are not compared: https may end in front of us, and some clients name the server, others its token endpoint.
 */
export function isAudience(audience: string, hosts: readonly string[]): boolean {
  const url = URL.parse(audience);
  return url !== null && hosts.some((host) => plain(host) === plain(url.host));
}

function plain(host: string): string {
  return host.toLowerCase().replace(/:(?:80|443)$/, '');
}
