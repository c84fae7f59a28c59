// How the three programs of a bare control plane are called, and why. Pure.

import { join } from 'node:path';

export interface Setting {
  readonly folder: string;
  readonly etcdPort: number;
  readonly etcdPeerPort: number;
  readonly apiServerPort: number;
}

/** The files in the folder, by what they are. */
export const filesIn = (folder: string) => ({
  kubeconfig: join(folder, 'admin.kubeconfig'),
  tokens: join(folder, 'tokens.csv'),
  certificates: join(folder, 'certificates'),
  /** kube-apiserver makes it at its first start: its certificate, and the CA that signed it. */
  authority: join(folder, 'certificates', 'apiserver.crt'),
  signingKey: join(folder, 'service-account.key'),
  verifyKey: join(folder, 'service-account.pub'),
  auditPolicy: join(folder, 'audit-policy.yaml'),
  auditLog: join(folder, 'audit.log'),
  log: (program: string) => join(folder, `${program}.log`),
});

export function etcdFlags({ folder, etcdPort, etcdPeerPort }: Setting): string[] {
  const client = `http://127.0.0.1:${etcdPort}`;
  const peer = `http://127.0.0.1:${etcdPeerPort}`;
  return [
    '--name=default',
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    // The data goes with the folder: nobody will recover it after a power cut.
    '--unsafe-no-fsync',
    '--log-level=warn',
  ];
}

export function apiServerFlags({ folder, etcdPort, apiServerPort }: Setting, audit: boolean): string[] {
  const files = filesIn(folder);
  return [
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${apiServerPort}`,
    '--advertise-address=127.0.0.1',
    // A loopback address is refused as an endpoint of the Service "kubernetes", which nobody uses here.
    '--endpoint-reconciler-type=none',
    `--cert-dir=${files.certificates}`,
    `--token-auth-file=${files.tokens}`,
    '--authorization-mode=RBAC',
    '--service-cluster-ip-range=10.0.0.0/24',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-signing-key-file=${files.signingKey}`,
    `--service-account-key-file=${files.verifyKey}`,
    ...(audit ? auditFlags(files) : []),
  ];
}

const auditFlags = ({ auditPolicy, auditLog }: { auditPolicy: string; auditLog: string }): string[] => [
  `--audit-policy-file=${auditPolicy}`,
  `--audit-log-path=${auditLog}`,
  // Megabytes. By default it begins a new file after 100, in the middle of a test that has marked a place in the old one.
  '--audit-log-maxsize=1000000',
];

export function controllerManagerFlags({ folder }: Setting): string[] {
  const files = filesIn(folder);
  return [
    `--kubeconfig=${files.kubeconfig}`,
    `--service-account-private-key-file=${files.signingKey}`,
    `--root-ca-file=${files.authority}`,
    `--controllers=${CONTROLLERS.join(',')}`,
    '--leader-elect=false',
    '--secure-port=0',
    // By default 20 requests a second: a thousand namespaces would wait a minute for their ServiceAccounts.
    '--kube-api-qps=1000',
    '--kube-api-burst=1000',
  ];
}

/** What a namespace needs to come to life and to go, and Jobs, for hooks of Helm. Without nodes the others have nothing to do. */
const CONTROLLERS = [
  'namespace-controller',
  'serviceaccount-controller',
  'serviceaccount-token-controller',
  'root-ca-certificate-publisher-controller',
  'garbage-collector-controller',
  'resourcequota-controller',
  'clusterrole-aggregation-controller',
  'job-controller',
  'validatingadmissionpolicy-status-controller',
];

/** One line a request, when it is answered: who, what, which verb, which code. No body, so no credential. */
export const AUDIT_POLICY = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: Metadata
`;
