// Which namespaces are targets: the opt-out label, the namespaces of Kubernetes itself, and the operator's own.

import { expect } from 'chai';
import { SYNC_LABEL, SYSTEM_NAMESPACES } from '../../src/api/names.ts';
import type { LabelSelector } from '../../src/api/types.ts';
import { NAMESPACES_PATH } from '../../src/controller/paths.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { read } from './admin.ts';
import { eventually, holdsFor } from './eventually.ts';
import { operator } from './operator.ts';
import { docker, Scenario, setLabels, setSpec, statusOf } from './scenario.ts';
import { isClean, isReady, isServed, isUntouched } from './served.ts';

const LOGIN = { server: 'private-registry.io', username: 'registry-user', password: 'not-a-real-one' };
const LOGINS = { 'private-registry.io': ['registry-user', 'not-a-real-one'] } as const;
const OPT_IN = { [SYNC_LABEL]: 'true' };
const OPT_OUT = { [SYNC_LABEL]: 'false' };
const NO_SAY = { [SYNC_LABEL]: null };

/** Those that a selector of all takes: not on their way out, and not of Kubernetes or the operator. */
async function ordinaryNamespaces(): Promise<string[]> {
  const { items } = await read(NAMESPACES_PATH);
  return items
    .filter((one: { metadata: { deletionTimestamp?: string } }) => !one.metadata.deletionTimestamp)
    .map((one: { metadata: { name: string } }) => one.metadata.name)
    .filter((name: string) => name !== OPERATOR_NAMESPACE && !SYSTEM_NAMESPACES.has(name));
}

describe('a namespace is a target', () => {
  let story: Scenario;
  before(operator);
  beforeEach(() => {
    story = new Scenario('namespaces');
  });
  afterEach(async () => {
    for (const name of [...SYSTEM_NAMESPACES, OPERATOR_NAMESPACE]) await setLabels(name, NO_SAY);
    await story.end();
  });

  const credential = async (namespaceSelector: LabelSelector = story.selector): Promise<string> =>
    story.credential('x', {
      namespaceSelector,
      registries: [docker(await story.dockerSource('s', LOGIN))],
    });

  const counts = (name: string, summary: string): Promise<unknown> =>
    eventually(`${name} counts ${summary}`, async () =>
      expect((await statusOf(name)).namespaces.summary).to.equal(summary),
    );

  it('by the label regcred.dev/sync=true when the RegistryCredential names no selector', async () => {
    const [inside, outside] = [await story.namespace('in', OPT_IN), await story.namespace('out')];
    const name = await story.credential('x', {
      registries: [docker(await story.dockerSource('s', LOGIN))],
      namespaceSelector: undefined,
    });
    await isServed(inside, LOGINS);
    await counts(name, '1/1');
    await isUntouched(outside);
    await setLabels(outside, OPT_IN);
    await isServed(outside, LOGINS);
    await setLabels(inside, OPT_OUT);
    await isClean(inside);
    await counts(name, '1/1');
  });

  it('unless its label keeps it out, from the start or later, until the label goes', async () => {
    const [out, goes] = [await story.namespace('out', OPT_OUT), await story.namespace('goes')];
    const name = await credential();
    await isServed(goes, LOGINS);
    await counts(name, '1/1');
    await isUntouched(out);
    await setLabels(goes, OPT_OUT);
    await isClean(goes);
    const message = await isReady(name, 'True NoNamespaceSelected');
    expect(message).to.contain(`kubectl label namespace NAME e2e.regcred.dev/scenario=${story.id}`);
    await counts(name, '0/0');
    await setLabels(goes, NO_SAY);
    await setLabels(out, NO_SAY);
    await isServed(goes, LOGINS);
    await isServed(out, LOGINS);
    await counts(name, '2/2');
  });

  it('when all are selected, but for those of Kubernetes and of the operator', async () => {
    const namespace = await story.namespace('a');
    const name = await credential({});
    await isServed(namespace, LOGINS);
    await isServed('default', LOGINS);
    await isReady(name, 'True Synced');
    await eventually('status counts all ordinary namespaces', async () =>
      expect((await statusOf(name)).namespaces.selected).to.equal((await ordinaryNamespaces()).length),
    );
    for (const other of [...SYSTEM_NAMESPACES, OPERATOR_NAMESPACE]) await isUntouched(other);
    await setSpec(name, { namespaceSelector: { matchLabels: { nobody: 'here' } } });
    await isClean(namespace);
    await isClean('default');
  });

  for (const selector of ['of all', 'of that label'])
    it(`of Kubernetes only with the label on itself, by a selector ${selector}`, async () => {
      await credential(selector === 'of all' ? {} : { matchLabels: OPT_IN });
      const witness = await story.namespace('witness', OPT_IN);
      await isServed(witness, LOGINS);
      await isUntouched('kube-system');
      await setLabels('kube-system', OPT_IN);
      await setLabels('kube-node-lease', OPT_IN);
      await isServed('kube-system', LOGINS);
      await isServed('kube-node-lease', LOGINS);
      await isUntouched('kube-public');
      await setLabels('kube-system', NO_SAY);
      await isClean('kube-system');
    });

  it("never if it is the operator's own, whatever its label", async () => {
    await setLabels(OPERATOR_NAMESPACE, OPT_IN);
    const name = await credential({ matchLabels: OPT_IN });
    const namespace = await story.namespace('a', OPT_IN);
    await isServed(namespace, LOGINS);
    await counts(name, '1/1');
    await holdsFor(500, () => isUntouched(OPERATOR_NAMESPACE));
  });
});
