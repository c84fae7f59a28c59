// Requests as bare as they can be: kept connections, no retry, no queue, no metric. The floor has a transport of its
// own, so that it stays what it is while that of the operator changes.

import { Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';
import { createSecureContext } from 'node:tls';
import type { KubeRequest } from '../../src/kube/kube-client.ts';
import { endpointOfFile } from '../../src/kube/kube-config.ts';

export type Send = (request: KubeRequest) => Promise<string>;

/** `send` resolves to the text of the answer; whatever is not 2xx ends the floor. */
export async function connect(kubeconfig: string, parallel: number): Promise<{ send: Send; close(): void }> {
  const endpoint = endpointOfFile(kubeconfig);
  const { tls, headers } = await endpoint.authenticate();
  const { ca, cert, key, ...others } = tls;
  const secureContext = createSecureContext({ ca, cert, key });
  const agent = new Agent({ keepAlive: true, maxSockets: parallel, ...others, secureContext });
  const send: Send = async ({ method, path, query, contentType = 'application/json', body }) => {
    const url = new URL(`${endpoint.server}${path}?${new URLSearchParams(query)}`);
    const payload = typeof body === 'object' ? JSON.stringify(body) : body;
    const all = { ...headers, accept: 'application/json', ...(payload && { 'content-type': contentType }) };
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const sent = request(url, { method, agent, headers: all }, answer => {
      const { statusCode = 0 } = answer;
      if (statusCode < 300) text(answer).then(resolve, reject);
      // The body may quote what was sent.
      else reject(new Error(`the floor could not ${method} ${path}: ${statusCode}`));
    });
    sent.once('error', reject);
    sent.end(payload);
    return promise;
  };
  return { send, close: () => agent.destroy() };
}
