// What an administrator sets reaches the operator, RBAC and the policies; what makes no sense is refused by Helm, with
// the name of the value, and not by a pod that does not start.

import { expect } from 'chai';
import { parseConfig } from '../../src/config.ts';
import { HELM_VERSIONS } from '../cluster/helm-program.ts';
import type { Manifest } from '../cluster/manifests.ts';
import { CHART, type Helm, helmFor, MUTATING_POLICIES, only } from './helm.ts';

const QUAY = 'https://quay.io/oauth2/federation/robot/token';

/** What is refused, and what Helm says of it. Both Helms have the same validator, with words of its own. */
const BAD: Record<string, [values: object, says: RegExp]> = {
  'a typo': [{ secretName: 'x' }, /'secretName'/],
  'a typo in a group': [{ image: { repositry: 'x' } }, /'\/image'.*'repositry'/s],
  'no Secret name at all': [{ secretNames: [] }, /'\/secretNames'.*minItems/s],
  'a Secret name twice': [{ secretNames: ['a', 'a'] }, /'\/secretNames'/],
  'what is no Secret name': [{ secretNames: ['A_b'] }, /'\/secretNames\/0'.*pattern/s],
  'no replica': [{ replicas: 0 }, /'\/replicas'.*minimum/s],
  'a number as text': [{ replicas: '2' }, /'\/replicas'.*want integer/s],
  'an admission policy of another kind': [{ admissionPolicy: 'maybe' }, /'\/admissionPolicy'/],
  'Off without quotes': [{ defaultVerification: false }, /'\/defaultVerification'.*'Off'/s],
  'an unknown log level': [{ log: { level: 'loud' } }, /'\/log\/level'/],
  'a token endpoint over http': [
    { oauth: { tokenEndpoints: [{ url: 'http://a.example/t' }] } },
    /'\/oauth\/tokenEndpoints\/0\/url'/,
  ],
  'an identity of a node that no source knows': [{ nodeIdentity: ['ecr'] }, /'\/nodeIdentity\/0'/],
  'a flag, by its variable': [
    { extraEnv: [{ name: 'HTTPS_PROXY' }, { name: 'REGCRED_LOG_LEVEL', value: 'debug' }] },
    /'\/extraEnv\/1\/name'/,
  ],
  'another namespace of its own': [
    { extraEnv: [{ name: 'POD_NAMESPACE', value: 'x' }] },
    /'\/extraEnv\/0\/name'/,
  ],
  'a token server that is no pair': [{ tokenServers: ['a.example'] }, /'\/tokenServers\/0'/],
  'scrapes that the alerts cannot bear': [
    { podMonitor: { interval: '2m' } },
    /'\/podMonitor\/interval'.*pattern/s,
  ],
  'a place for runbooks that is no URL': [
    { prometheusRule: { runbookUrl: 'wiki' } },
    /'\/prometheusRule\/runbookUrl'.*pattern/s,
  ],
  'to keep what cannot be kept': [
    { crds: { keep: false }, uninstall: { undo: false } },
    /helm uninstall would hang.*Set crds.keep=true/s,
  ],
};

for (const version of HELM_VERSIONS)
  describe(`the values of the chart, to Helm ${version}`, () => {
    let helm: Helm;
    before(async function () {
      helm = await helmFor(this, version);
    });
    after(() => helm?.end());

    it('pass lint', async () => {
      expect(await helm.run('lint', '--strict', CHART)).to.contain('0 chart(s) failed');
    });

    for (const [what, [values, says]] of Object.entries(BAD))
      it(`may not be ${what}`, async () => {
        expect(await helm.refusal(values)).to.match(says);
      });

    it('are the operator’s own defaults, unless they are set', async () => {
      expect(configOf(await helm.rendered())).to.deep.equal(parsed([]));
    });

    it('reach the operator’s flags', async () => {
      const config = configOf(
        await helm.rendered({
          secretNames: ['regcred', 'other'],
          defaultVerification: 'Off',
          tokenServers: ['r.example=auth.example', 'docker.io=*.mirror.example:8443'],
          oauth: { tokenEndpoints: [{ url: QUAY, audience: 'quay' }, { url: 'https://a.example/t' }] },
          nodeIdentity: ['gar', 'acr'],
          maxConcurrentWrites: 64,
          log: { level: 'debug', format: 'text' },
        }),
      );
      expect(config).to.deep.equal({
        ...parsed([]),
        secretNames: ['regcred', 'other'],
        defaultVerification: 'Off',
        tokenServers: new Map([
          ['r.example', ['auth.example']],
          ['docker.io', ['*.mirror.example:8443']],
        ]),
        oauth: {
          endpoints: [
            { url: QUAY, audience: 'quay' },
            { url: 'https://a.example/t', audience: undefined },
          ],
          audiences: new Map([['quay', '/var/run/secrets/regcred.dev/oauth/0']]),
        },
        nodeIdentity: new Set(['gar', 'acr']),
        maxConcurrentWrites: 64,
        logLevel: 'debug',
        logFormat: 'text',
      });
    });

    it('reach the operator’s flags as they are, whatever YAML makes of them', async () => {
      const endpoint = { url: QUAY, audience: 'urn:quay:' };
      const { oauth } = configOf(await helm.rendered({ oauth: { tokenEndpoints: [endpoint] } }));
      expect(oauth).to.deep.equal({
        endpoints: [endpoint],
        audiences: new Map([['urn:quay:', '/var/run/secrets/regcred.dev/oauth/0']]),
      });
    });

    it('mount a token for each audience, once, where the flag says', async () => {
      const tokenEndpoints = [
        { url: QUAY, audience: 'quay' },
        { url: 'https://a.example/t', audience: 'https://a.example' },
        { url: 'https://b.example/t', audience: 'quay' },
      ];
      const { volumes, containers } = podOf(await helm.rendered({ oauth: { tokenEndpoints } }));
      expect(volumes).to.deep.equal([
        {
          name: 'oauth-tokens',
          projected: {
            sources: ['quay', 'https://a.example'].map((audience, index) => ({
              serviceAccountToken: { audience, path: `${index}`, expirationSeconds: 3600 },
            })),
          },
        },
      ]);
      expect(containers[0].volumeMounts).to.deep.equal([
        { name: 'oauth-tokens', mountPath: '/var/run/secrets/regcred.dev/oauth', readOnly: true },
      ]);
    });

    it('carry the Secret names to the flag, to RBAC and to both policies', async () => {
      const values = { secretNames: ['regcred', 'other'], admissionPolicy: true };
      const rendered = await helm.rendered(values);
      const { rules } = only(rendered, 'ClusterRole');
      const secrets = rules.find(({ resources }: { resources: string[] }) => String(resources) === 'secrets');
      expect(secrets.resourceNames).to.deep.equal(values.secretNames);
      for (const [kind, name] of [
        ['ValidatingAdmissionPolicy', 'regcred-service-accounts'],
        ['MutatingAdmissionPolicy', 'regcred-references'],
      ] as const) {
        const { variables } = only(rendered, kind, name).spec;
        const { expression } = variables.find((one: { name: string }) => one.name === 'secretNames');
        expect(expression, name).to.equal("['regcred', 'other']");
      }
      expect(configOf(rendered).secretNames).to.deep.equal(values.secretNames);
    });

    it('have the admission policy, if it is auto, exactly where the API server has the kind', async () => {
      const has = async (admissionPolicy: unknown, ...args: string[]) =>
        only(await helm.rendered({ admissionPolicy }, ...args), 'MutatingAdmissionPolicy') !== undefined;
      const offered = ['--api-versions', MUTATING_POLICIES];
      expect([await has('auto'), await has('auto', ...offered)]).to.deep.equal([false, true]);
      expect([await has(true), await has(false, ...offered)]).to.deep.equal([true, false]);
    });

    it('let an identity of a cloud in: annotations, labels, variables and volumes', async () => {
      const rendered = await helm.rendered({
        serviceAccount: { annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/r' } },
        podLabels: { 'azure.workload.identity/use': 'true', 'app.kubernetes.io/name': 'mine' },
        podAnnotations: { a: 'b' },
        extraEnv: [{ name: 'HTTPS_PROXY', value: 'http://proxy.example:3128' }],
        extraVolumes: [{ name: 'ca', configMap: { name: 'ca' } }],
        extraVolumeMounts: [{ name: 'ca', mountPath: '/ca' }],
      });
      expect(only(rendered, 'ServiceAccount').metadata.annotations).to.deep.equal({
        'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/r',
      });
      const { metadata } = only(rendered, 'Deployment').spec.template;
      expect(metadata).to.deep.equal({
        annotations: { a: 'b' },
        // The Deployment finds its pods by this one.
        labels: { 'azure.workload.identity/use': 'true', 'app.kubernetes.io/name': 'regcred' },
      });
      const { volumes, containers } = podOf(rendered);
      expect(containers[0].env.at(-1)).to.deep.equal({
        name: 'HTTPS_PROXY',
        value: 'http://proxy.example:3128',
      });
      expect(volumes).to.deep.equal([{ name: 'ca', configMap: { name: 'ca' } }]);
      expect(containers[0].volumeMounts).to.deep.equal([{ name: 'ca', mountPath: '/ca' }]);
    });

    it('are not needed to be in another namespace than regcred-system', async () => {
      const values = {
        admissionPolicy: true,
        networkPolicy: { enabled: true },
        dashboard: { enabled: true },
      };
      const rendered = await helm.rendered(values, '-n', 'elsewhere');
      // The descriptions of the CRD are prose.
      const objects = rendered.filter(({ kind }) => kind !== 'CustomResourceDefinition');
      expect(JSON.stringify(objects)).to.contain('elsewhere').and.not.to.contain('regcred-system');
      const { matchConditions } = only(rendered, 'ValidatingAdmissionPolicy').spec;
      expect(matchConditions[0].expression).to.equal(
        "request.userInfo.username == 'system:serviceaccount:elsewhere:regcred'",
      );
    });

    it('name the image by its digest where there is one', async () => {
      const digest = `sha256:${'0'.repeat(64)}`;
      const image = async (values: object) =>
        podOf(await helm.rendered({ image: { repository: 'r.example/regcred', ...values } })).containers[0]
          .image;
      expect(await image({})).to.equal('r.example/regcred:0.1.0');
      expect(await image({ tag: 'x' })).to.equal('r.example/regcred:x');
      expect(await image({ tag: 'x', digest })).to.equal(`r.example/regcred@${digest}`);
    });
  });

// biome-ignore lint/suspicious/noExplicitAny: the shape is what is tested
const podOf = (rendered: readonly Manifest[]): any => only(rendered, 'Deployment').spec.template.spec;

/** What the operator makes of its flags. */
const configOf = (rendered: readonly Manifest[]) => parsed(podOf(rendered).containers[0].args);

function parsed(args: readonly string[]) {
  const config = parseConfig(args, { POD_NAMESPACE: 'regcred-system' }, '');
  if (!config.ok) throw new Error(config.message);
  return config.config;
}
