// Shows what is in a docker config without showing what must stay secret. Pure.

/** Everything else in an entry names somebody, it does not let anybody in. */
const SHOWN = new Set(['username', 'email']);

/** @param encoded the value of `.dockerconfigjson` in a Secret, base64 */
export function maskedDockerConfig(encoded: string): string {
  const config = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'));
  const auths = Object.entries<object>(config.auths ?? {}).map(([server, entry]) => [
    server,
    Object.fromEntries(Object.entries(entry).map(([key, value]) => [key, SHOWN.has(key) ? value : '***'])),
  ]);
  return JSON.stringify({ auths: Object.fromEntries(auths) }, undefined, 2);
}
