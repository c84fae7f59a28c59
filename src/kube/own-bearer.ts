// The token that the operator shows to the API server, for those who must see to it that it is shown to nobody else.

import type { Endpoint } from './endpoint.ts';

/** Undefined where it logs in with a certificate or a password. Holds a credential: never log it. */
export async function ownBearer(endpoint: Pick<Endpoint, 'authenticate'>): Promise<string | undefined> {
  const { headers } = await endpoint.authenticate();
  const authorization = Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1];
  return /^bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
}
