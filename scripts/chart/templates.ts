// Templates of the chart that follow from the CRD and from manifests/: what is the same there and here, the policies
// above all, is written once. Of the text only what is listed is replaced, and each as often as is said.

import { readFileSync } from 'node:fs';

interface Replacement {
  readonly from: string;
  readonly to: string;
  readonly times: number;
}

interface Template {
  /** From the root of the repository. */
  readonly source: string;
  readonly replacements: readonly Replacement[];
  /** The value without which there is nothing of it. */
  readonly condition?: string;
  /** Further metadata of every object, as it stands in the template. */
  readonly annotations?: string;
}

const NAMESPACE = '{{ .Release.Namespace }}';
const replace = (from: string, to: string, times = 1): Replacement => ({ from, to, times });
const account = (times: number) =>
  replace(
    'system:serviceaccount:regcred-system:regcred',
    `system:serviceaccount:${NAMESPACE}:regcred`,
    times,
  );
const namespaces = (times: number) =>
  replace('namespace: regcred-system', 'namespace: {{ .Release.Namespace | quote }}', times);
const NAMES_IN_CEL = replace(`"['regcred']"`, `{{ include "regcred.secretNames" . | quote }}`);

const ACCOUNT = 'kind: ServiceAccount\nmetadata:\n  name: regcred\n';

export const TEMPLATES: Readonly<Record<string, Template>> = {
  'crd.yaml': {
    source: 'crds/regcred.dev_registrycredentials.yaml',
    condition: '.Values.crds.enabled',
    annotations:
      '{{- if .Values.crds.keep }}\n  annotations:\n    helm.sh/resource-policy: keep\n  {{- end }}',
    replacements: [],
  },
  'rbac.yaml': {
    source: 'manifests/rbac.yaml',
    replacements: [
      replace(
        ACCOUNT,
        `${ACCOUNT}  {{- with .Values.serviceAccount.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
`,
      ),
      namespaces(8),
      replace(
        'resources: [secrets]\n    resourceNames: [regcred]',
        'resources: [secrets]\n    resourceNames: {{ include "regcred.resourceNames" . }}',
      ),
    ],
  },
  'event-rbac.yaml': { source: 'manifests/event-rbac.yaml', replacements: [namespaces(1)] },
  'secret-policy.yaml': {
    source: 'manifests/secret-policy.yaml',
    replacements: [account(1), replace("'regcred-system'", `'${NAMESPACE}'`)],
  },
  'service-account-policy.yaml': {
    source: 'manifests/service-account-policy.yaml',
    replacements: [account(1), NAMES_IN_CEL],
  },
  'admission-policy.yaml': {
    source: 'manifests/components/admission/policy.yaml',
    condition: 'include "regcred.hasAdmissionPolicy" .',
    replacements: [
      account(1),
      NAMES_IN_CEL,
      replace('values: [regcred-system]', 'values: [{{ .Release.Namespace | quote }}]'),
    ],
  },
};

export function templateOf(name: string, command: string): string {
  const template = TEMPLATES[name];
  if (template === undefined) throw new Error(`there is no template ${name}`);
  const { source, replacements, condition, annotations } = template;
  let text = readFileSync(new URL(`../../${source}`, import.meta.url), 'utf8');
  if (text.includes('{{')) throw new Error(`${source} has {{ in it, which Helm would take for its own`);
  for (const { from, to, times } of replacements) {
    const found = text.split(from).length - 1;
    if (found !== times) throw new Error(`${source} has ${found} times ${from}, and not ${times} times`);
    text = text.replaceAll(from, to);
  }
  const metadata = `${LABELS}${annotations === undefined ? '' : `  ${annotations}\n`}`;
  // The name is the first line of every metadata.
  text = text.replace(/^metadata:\n {2}name: .*\n/gm, found => `${found}${metadata}`);
  const lines = [`# Written by \`${command}\` from ${source}: change it there.`, text.trimEnd()];
  return `${(condition === undefined ? lines : [`{{- if ${condition} }}`, ...lines, '{{- end }}']).join('\n')}\n`;
}

const LABELS = '  labels:\n    {{- include "regcred.labels" . | nindent 4 }}\n';
