// What a bare control plane reads at its start: keys, the admin's token, the audit policy; and the
// kubeconfig that we hand out. Readable for nobody else: the admin's token may do everything.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { AUDIT_POLICY, filesIn } from './control-plane-flags.ts';

const PRIVATE = { mode: 0o600 };

/** @returns the admin's token */
export async function writeControlPlaneFiles(folder: string): Promise<string> {
  const files = filesIn(folder);
  const token = randomBytes(16).toString('hex');
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  await mkdir(files.certificates);
  await writeFile(files.signingKey, privateKey, PRIVATE);
  await writeFile(files.verifyKey, publicKey, PRIVATE);
  await writeFile(files.tokens, `${token},admin,admin,system:masters\n`, PRIVATE);
  await writeFile(files.auditPolicy, AUDIT_POLICY);
  return token;
}

/** Only once the API server has made its certificate. */
export async function writeKubeconfig(folder: string, server: string, token: string): Promise<void> {
  const files = filesIn(folder);
  const authority = (await readFile(files.authority)).toString('base64');
  await writeFile(
    files.kubeconfig,
    `apiVersion: v1
kind: Config
clusters:
  - name: bare
    cluster:
      server: ${server}
      certificate-authority-data: ${authority}
users:
  - name: admin
    user:
      token: ${token}
contexts:
  - name: bare
    context:
      cluster: bare
      user: admin
current-context: bare
`,
    PRIVATE,
  );
}
