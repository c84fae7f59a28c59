// Specs of RegistryCredentials: sound, and with a part exchanged or gone, as a CRD of another version or of nobody
// may have stored them.

import fc from 'fast-check';
import { anySelector } from './arbitrary-selector.ts';
import { anyServer, plausibleServer } from './arbitrary-server.ts';
import { anyJson, anyText, PROTOTYPE_NAMES } from './arbitrary-text.ts';

const secretRef = fc.constantFrom('login', 'docker', 'odd', 'absent').map(name => ({ secretRef: { name } }));

const registry = fc.oneof(
  fc.record({ basic: secretRef, server: fc.oneof(plausibleServer, anyServer) }, { requiredKeys: ['basic'] }),
  fc.record({ dockerConfig: secretRef }),
);

/** As the schema takes it, but for some servers. */
export const soundSpec = fc.record(
  {
    registries: fc.array(registry, { minLength: 1, maxLength: 3 }),
    secretName: fc.constantFrom('regcred', 'regcred', 'regcred', 'not-served'),
    namespaceSelector: fc.oneof(fc.constant({}), anySelector),
    serviceAccounts: fc.record(
      {
        names: fc.array(fc.constantFrom('default', '*', 'd*t', 'ci'), { maxLength: 3 }),
        selector: anySelector,
      },
      { requiredKeys: [] },
    ),
    deletionPolicy: fc.constantFrom('Delete', 'Orphan'),
    suspend: fc.boolean(),
  },
  { requiredKeys: ['registries', 'secretName', 'namespaceSelector', 'deletionPolicy'] },
);

type Tree = Record<string, unknown>;

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

/** Every place in it, from the outside in. */
const placesOf = (value: unknown): (readonly [Tree, string])[] =>
  isTree(value) ? Object.keys(value).flatMap(key => [[value, key] as const, ...placesOf(value[key])]) : [];

const change = fc.record({
  at: fc.nat(),
  with: fc.oneof(
    fc.record({ kind: fc.constant('value' as const), value: anyJson }),
    fc.record({ kind: fc.constant('gone' as const) }),
    fc.record({
      kind: fc.constant('more' as const),
      name: fc.oneof(anyText, fc.constantFrom('quantum', 'server', 'names', ...PROTOTYPE_NAMES)),
      value: anyJson,
    }),
  ),
});

/** One or two things are wrong in it. */
export const oddSpec: fc.Arbitrary<unknown> = fc
  .tuple(soundSpec, fc.array(change, { minLength: 1, maxLength: 2 }))
  .map(([spec, changes]) => {
    const odd = { spec: structuredClone(spec) } as Tree;
    for (const { at, with: what } of changes) {
      const places = placesOf(odd);
      const [parent, key] = places[at % places.length] ?? [odd, 'spec'];
      const inner = parent[key];
      if (what.kind === 'gone') delete parent[key];
      else if (what.kind === 'value') parent[key] = what.value;
      else if (isTree(inner))
        Object.defineProperty(inner, what.name, {
          value: what.value,
          enumerable: true,
          configurable: true,
          writable: true,
        });
      if (odd.spec === undefined) return undefined;
    }
    // As it comes over the wire.
    return JSON.parse(JSON.stringify(odd.spec));
  });
