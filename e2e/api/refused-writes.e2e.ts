// What refuses the operator: single namespaces, by quota, policy or a Secret of their own,
// which must not disturb the others; and RBAC, which everybody must get to see.

import { expect } from 'chai';
import { MANAGED_BY_LABEL } from '../../src/api/names.ts';
import { NAMESPACES_PATH, secretsPathIn } from '../../src/controller/paths.ts';
import { create, read, remove } from './admin.ts';
import { eventually, holdsFor } from './eventually.ts';
import { kubectl } from './kubectl.ts';
import { operator } from './operator.ts';
import { conditionOf, docker, ownedOf, pullSecretsOf, Scenario, statusOf } from './scenario.ts';
import { isReady, isServed, messageOf } from './served.ts';
import { isTold } from './told.ts';

const LOGIN = { server: 'r.example.com', username: 'u', password: 'p' };
const LOGINS = { 'r.example.com': ['u', 'p'] } as const;
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const ADMISSION = '/apis/admissionregistration.k8s.io/v1';

describe('what refuses the operator', () => {
  let story: Scenario;
  before(operator);
  beforeEach(() => {
    story = new Scenario('refusal');
  });
  afterEach(() => story.end());

  const credential = async (): Promise<string> =>
    story.credential('x', { registries: [docker(await story.dockerSource('s', LOGIN))] });
  const foreign = (namespace: string) =>
    create(secretsPathIn(namespace), { metadata: { name: 'regcred' }, stringData: { theirs: 'yes' } });
  const isRefused = (name: string, namespace: string, message: RegExp): Promise<void> =>
    eventually(`${namespace} is reported`, async () => {
      expect(await conditionOf(name, 'Conflict')).to.equal('True Refused');
      const [failure, ...others] = (await statusOf(name)).failures;
      expect(failure).to.include({ namespace, reason: 'Refused' });
      expect(failure?.message).to.match(message);
      expect(others).to.deep.equal([]);
    });

  it('is named when it is the quota of one namespace, and heals when the quota goes', async () => {
    const [good, full] = [await story.namespace('good'), await story.namespace('full')];
    const quotas = `${NAMESPACES_PATH}/${full}/resourcequotas`;
    await create(quotas, { metadata: { name: 'none' }, spec: { hard: { 'count/secrets': '0' } } });
    await eventually('the quota counts', async () =>
      expect((await read(`${quotas}/none`)).status?.hard).to.deep.equal({ 'count/secrets': '0' }),
    );
    const name = await credential();
    await isServed(good, LOGINS);
    await isRefused(name, full, /exceeded quota: none/);
    await isReady(name, 'True Synced');
    expect((await statusOf(name)).namespaces).to.deep.equal({
      selected: 2,
      synced: 1,
      failed: 1,
      summary: '1/2',
    });
    expect((await statusOf(name)).serviceAccounts).to.deep.equal({
      selected: 2,
      attached: 1,
      summary: '1/2',
    });
    expect(await messageOf(name, 'Conflict')).to.contain('1 of 2 selected namespaces');
    await remove(`${quotas}/none`);
    await eventually(
      'it is healed',
      async () => expect((await statusOf(name)).namespaces.summary).to.equal('2/2'),
      30_000,
    );
    await isServed(full, LOGINS);
    expect(await conditionOf(name, 'Conflict')).to.equal(undefined);
  });

  it('is named when it is a policy of the cluster, with what the policy says', async () => {
    const [good, strict] = [
      await story.namespace('good'),
      await story.namespace('strict', { strict: story.id }),
    ];
    const policy = {
      metadata: { name: `${story.id}-strict` },
      spec: {
        matchConstraints: {
          namespaceSelector: { matchLabels: { strict: story.id } },
          resourceRules: [
            { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['secrets'] },
          ],
        },
        validations: [{ expression: 'false', message: 'ask the security team first' }],
      },
    };
    const binding = {
      metadata: policy.metadata,
      spec: { policyName: policy.metadata.name, validationActions: ['Deny'] },
    };
    await story.make(`${ADMISSION}/validatingadmissionpolicies`, policy);
    await story.make(`${ADMISSION}/validatingadmissionpolicybindings`, binding);
    await eventually('the policy is in force', async () => {
      const probe = ['-n', strict, 'create', 'secret', 'generic', 'probe', '--dry-run=server'];
      const answer = await kubectl(probe).catch((error: Error) => error.message);
      expect(answer).to.contain('security team');
    });
    const name = await credential();
    await isServed(good, LOGINS);
    await isRefused(name, strict, /ask the security team first/);
    await isReady(name, 'True Synced');
  });

  it('does not disturb the other 29 namespaces when it is one', async () => {
    const namespaces = await Promise.all(
      Array.from({ length: 30 }, (_, index) => story.namespace(`n${index}`)),
    );
    const bad = namespaces[13] ?? '';
    await foreign(bad);
    const name = await credential();
    const good = namespaces.filter(one => one !== bad);
    for (const namespace of good) await isServed(namespace, LOGINS);
    await isReady(name, 'True Synced');
    await eventually('everything is counted', async () => {
      const { namespaces: counts, serviceAccounts, failures } = await statusOf(name);
      expect(counts).to.deep.equal({ selected: 30, synced: 29, failed: 1, summary: '29/30' });
      expect(serviceAccounts).to.deep.equal({ selected: 30, attached: 29, summary: '29/30' });
      expect(failures.map(({ namespace }) => namespace)).to.deep.equal([bad]);
    });
    expect(await ownedOf(bad)).to.equal(undefined);
    expect(await pullSecretsOf(bad)).to.deep.equal([]);
  });

  it('is named for the first ten namespaces by name and counted for all', async () => {
    const letters = [...'onmlkjihgfedcba'];
    const bad = await Promise.all(letters.map(letter => story.namespace(letter)));
    await Promise.all(bad.map(foreign));
    await story.namespace('z');
    const name = await credential();
    await isReady(name, 'True Synced');
    await eventually('everything is counted', async () => {
      const { namespaces, failures } = await statusOf(name);
      expect(namespaces).to.deep.equal({ selected: 16, synced: 1, failed: 15, summary: '1/16' });
      expect(failures.map(({ namespace }) => namespace)).to.deep.equal([...bad].sort().slice(0, 10));
      for (const { namespace, reason, message } of failures) {
        expect(reason).to.equal('ForeignSecret');
        expect(message).to.contain(
          `kubectl -n ${namespace} label secret regcred ${MANAGED_BY_LABEL}=regcred`,
        );
      }
    });
    expect(await conditionOf(name, 'Conflict')).to.equal('True ForeignSecret');
    expect(await messageOf(name, 'Conflict')).to.match(/^15 of 16 selected namespaces: .*-a label secret/);
  });

  it('makes it not ready when no namespace takes the login, and says how one would', async () => {
    const namespace = await story.namespace('a');
    await foreign(namespace);
    const name = await credential();
    const message = await isReady(name, 'False Conflict');
    expect(message).to.contain(`kubectl -n ${namespace} label secret regcred ${MANAGED_BY_LABEL}=regcred`);
  });

  describe('as a whole', () => {
    const binding = `${RBAC}/clusterrolebindings/regcred`;
    const subjects = [{ kind: 'ServiceAccount', name: 'regcred', namespace: 'regcred-system' }];
    const toRole = (name: string) => ({
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects,
    });
    afterEach(async () => {
      await remove(binding);
      await create(`${RBAC}/clusterrolebindings`, toRole('regcred'));
    });

    /** What it still may: say so. */
    const keepStatusRights = async (): Promise<void> => {
      const name = `${story.id}-status`;
      const rules = [
        { apiGroups: ['regcred.dev'], resources: ['registrycredentials/status'], verbs: ['patch'] },
      ];
      await story.make(`${RBAC}/clusterroles`, { metadata: { name }, rules });
      await story.make(`${RBAC}/clusterrolebindings`, toRole(name));
    };

    it('makes it not ready within 20 seconds, keeps what is there, and is over within 60', async () => {
      const namespace = await story.namespace('a');
      const name = await credential();
      await isReady(name, 'True Synced');
      await isServed(namespace, LOGINS);
      await keepStatusRights();
      await remove(binding);
      const late = await story.namespace('late');
      await eventually(
        'status says that RBAC refuses',
        async () => {
          expect(await conditionOf(name, 'Ready')).to.equal('False Forbidden');
          expect(await messageOf(name, 'Ready')).to.match(/RBAC must be as in manifests\/.* cannot /);
        },
        20_000,
      );
      expect((await isTold(name, 'Warning Forbidden')).note).to.contain('RBAC must be as in manifests/');
      await isServed(namespace, LOGINS);
      await create(`${RBAC}/clusterrolebindings`, toRole('regcred'));
      await eventually(
        'it is well again',
        async () => expect(await conditionOf(name, 'Ready')).to.equal('True Synced'),
        60_000,
      );
      await isServed(late, LOGINS);
      await holdsFor(1_000, async () => expect(await conditionOf(name, 'Ready')).to.equal('True Synced'));
    }).timeout(120_000);

    it('is said of a RegistryCredential that comes when nothing is allowed, and it is served later', async () => {
      const namespace = await story.namespace('a');
      await keepStatusRights();
      await remove(binding);
      const name = await credential();
      const isShown = (ready: string, longest: number) =>
        eventually(
          `it is ${ready}`,
          async () => expect(await conditionOf(name, 'Ready')).to.equal(ready),
          longest,
        );
      await isShown('False Forbidden', 20_000);
      expect(await pullSecretsOf(namespace)).to.deep.equal([]);
      await create(`${RBAC}/clusterrolebindings`, toRole('regcred'));
      await isShown('True Synced', 60_000);
      await isServed(namespace, LOGINS);
    }).timeout(120_000);
  });
});
