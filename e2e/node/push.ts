// Puts an image into a registry (OCI distribution specification) without an engine, and so without a login
// that an engine would keep for its user.

import type { Blob, Image } from './image.ts';
import type { Account } from './registry.ts';

export interface Target {
  /** scheme://host:port */
  readonly url: string;
  /** For a registry that asks for user name and password itself; token services are not asked. */
  readonly account: Account | undefined;
}

interface Upload {
  readonly repository: string;
  readonly tag: string;
  readonly image: Image;
}

export async function pushTo(target: Target, { repository, tag, image }: Upload): Promise<void> {
  const base = `${target.url}/v2/${repository}`;
  for (const blob of image.blobs) {
    const begun = await ask(target, 'POST', `${base}/blobs/uploads/`);
    const location = new URL(begun.headers.get('location') ?? '', base);
    location.searchParams.set('digest', blob.digest);
    await ask(target, 'PUT', location.href, { ...blob, mediaType: 'application/octet-stream' });
  }
  await ask(target, 'PUT', `${base}/manifests/${tag}`, image.manifest);
}

/** Whether the registry takes this login; without one, whether it asks for none. */
export async function accepts(target: Target): Promise<boolean> {
  const response = await fetch(`${target.url}/v2/`, { headers: authorization(target) });
  await response.arrayBuffer();
  return response.ok;
}

async function ask(target: Target, method: string, url: string, body?: Blob): Promise<Response> {
  const headers = { ...authorization(target), ...(body && { 'content-type': body.mediaType }) };
  const response = await fetch(url, { method, headers, ...(body && { body: new Uint8Array(body.content) }) });
  const text = await response.text();
  if (response.ok) return response;
  throw new Error(`could not push: ${method} ${new URL(url).pathname}: ${response.status} ${text}`);
}

function authorization({ account }: Target): Record<string, string> {
  if (account === undefined) return {};
  const pair = Buffer.from(`${account.username}:${account.password}`).toString('base64');
  return { authorization: `Basic ${pair}` };
}
