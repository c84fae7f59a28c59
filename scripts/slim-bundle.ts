// Leaves out of the bundle what the operator never runs, for every megabyte of source costs
// memory in each cluster: undici's fetch, WebSocket and caches, client-node's 900 models.

import { fileURLToPath } from 'node:url';
import type { OnResolveArgs, Plugin, PluginBuild, ResolveResult } from 'esbuild';

/** Of undici the operator (and client-node's kubeconfig) take these; client-node's own requests are never sent. */
const UNDICI = `
  import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
  import api from 'undici/lib/api/index.js';
  Object.assign(Dispatcher.prototype, api);
  export { default as Agent } from 'undici/lib/dispatcher/agent.js';
  export { default as Pool } from 'undici/lib/dispatcher/pool.js';
  export { default as ProxyAgent } from 'undici/lib/dispatcher/proxy-agent.js';
  export const fetch = globalThis.fetch;
`;

const NAMESPACE = 'slim';
/** Marks our own question to esbuild, so that it does not come back to us. */
const ASKED = 'asked';

export const slim: Plugin = {
  name: 'slim',
  setup(build) {
    build.onResolve({ filter: /^undici$/ }, () => ({ path: 'undici', namespace: NAMESPACE }));
    build.onLoad({ filter: /.*/, namespace: NAMESPACE }, () => ({
      contents: UNDICI,
      resolveDir: fileURLToPath(new URL('..', import.meta.url)),
    }));
    // client-node does not say so, but importing its files does nothing: what is not used can go.
    build.onResolve({ filter: /^\.|^@kubernetes\/client-node\// }, args => withoutSideEffects(build, args));
  },
};

async function withoutSideEffects(
  build: PluginBuild,
  { path, resolveDir, kind, importer, pluginData }: OnResolveArgs,
): Promise<ResolveResult | undefined> {
  const isTheirs = path.startsWith('@') || resolveDir.includes('@kubernetes/client-node');
  if (pluginData === ASKED || !isTheirs) return undefined;
  const resolved = await build.resolve(path, { resolveDir, kind, importer, pluginData: ASKED });
  return { ...resolved, sideEffects: false };
}
