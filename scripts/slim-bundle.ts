// Leaves out of the bundle what the operator never runs, for every megabyte of source costs
// memory in each cluster: client-node's 900 models, and undici, with which it would send requests.

import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { OnResolveArgs, OnResolveResult, Plugin, PluginBuild, ResolveResult } from 'esbuild';

/** Named by client-node's kubeconfig, which never gets to send anything: our requests go over node:https. */
const UNDICI = `
  export class Agent { constructor() { throw new Error('undici is not in this bundle'); } }
  export class ProxyAgent extends Agent {}
  // Not before it is called: to look at Node's own is to load all of it.
  export const fetch = (...given) => globalThis.fetch(...given);
`;

const NAMESPACE = 'slim';
const BUILTIN = 'builtin';
const STREAM = 'stream';
/** Marks our own question to esbuild, so that it does not come back to us. */
const ASKED = 'asked';

export const slim: Plugin = {
  name: 'slim',
  setup(build) {
    build.onResolve({ filter: /^(?:node:)?[a-z_\d]+(?:\/[a-z]+)?$/ }, builtinByRequire);
    build.onLoad({ filter: /.*/, namespace: BUILTIN }, ({ path }) => ({
      contents: `module.exports = require('${path}');`,
    }));
    // winston's copy of Node's streams: 58 kB that do the same.
    build.onResolve({ filter: /^readable-stream(\/.*)?$/ }, ({ path }) => ({ path, namespace: STREAM }));
    build.onLoad({ filter: /.*/, namespace: STREAM }, ({ path }) => ({
      contents: `module.exports = require('node:stream')${path.endsWith('/_stream_writable.js') ? '.Writable' : ''};`,
    }));
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

/**
 * An import of `node:http` looks at each of its exports, and to look at its WebSocket is to load the whole of
 * undici, some 20 ms and MB. A require does not.
 */
function builtinByRequire({ path, kind }: OnResolveArgs): OnResolveResult | undefined {
  if (!isBuiltin(path)) return undefined;
  const name = path.startsWith('node:') ? path : `node:${path}`;
  return kind === 'import-statement' ? { path: name, namespace: BUILTIN } : { path: name, external: true };
}
