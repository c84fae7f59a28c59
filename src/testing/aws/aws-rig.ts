// The source `ecr` with an AWS of the tests: the mounted tokens of a pod, and a Secret with keys of a user.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RegistrySpec } from '../../api/types.ts';
import type { SourceSecretRecord } from '../../core/records.ts';
import type { Environment } from '../../net/proxy.ts';
import { ecr } from '../../sources/ecr.ts';
import type { Fetched, TokenContext } from '../../sources/source.ts';
import { sourceContext, sourceSecret } from '../source-secrets.ts';
import { POD_AUDIENCE, roleArn, USER, WEB_AUDIENCE } from './accounts.ts';
import { AwsServer, REGION } from './aws-server.ts';

export interface Ask {
  readonly environment?: Environment;
  readonly secrets?: readonly SourceSecretRecord[];
  readonly signal?: AbortSignal;
  readonly apiToken?: TokenContext['apiToken'];
}

export const KEYS = sourceSecret('keys', 'Opaque', USER);

export class AwsRig {
  readonly server: AwsServer;
  readonly folder: string;
  /** What was told to the redactor. */
  learned: string[] = [];

  private constructor(server: AwsServer, folder: string) {
    this.server = server;
    this.folder = folder;
  }

  static async start(): Promise<AwsRig> {
    return new AwsRig(await AwsServer.start(), await mkdtemp(join(tmpdir(), 'regcred-aws-')));
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await rm(this.folder, { recursive: true });
  }

  /** By default the private registry of the region, with the keys in the Secret. */
  async fetch(spec: Partial<RegistrySpec> = {}, ask: Ask = {}): Promise<Fetched> {
    const registry = { ecr: { region: REGION, secretRef: { name: 'keys' } }, ...spec };
    return ecr.fetch(registry, this.#context(ask));
  }

  /** As the webhook of EKS equips a pod for IRSA. */
  async webIdentity(claims: { aud?: string; exp?: number; sub?: string } = {}): Promise<Environment> {
    const file = join(this.folder, 'web-identity');
    await writeFile(file, this.server.accounts.issuer.token({ aud: WEB_AUDIENCE, ...claims }));
    return {
      ...this.server.environment,
      AWS_REGION: REGION,
      AWS_ROLE_ARN: roleArn('pod'),
      AWS_WEB_IDENTITY_TOKEN_FILE: file,
    };
  }

  /** As EKS Pod Identity equips one. */
  async podIdentity(claims: { aud?: string; exp?: number } = {}): Promise<Environment> {
    const file = join(this.folder, 'pod-identity');
    await writeFile(file, this.server.accounts.issuer.token({ aud: POD_AUDIENCE, ...claims }));
    return {
      ...this.server.environment,
      AWS_REGION: REGION,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: this.server.agentUrl,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file,
    };
  }

  #context({ environment, secrets = [KEYS], signal, apiToken = async () => undefined }: Ask): TokenContext {
    return {
      ...sourceContext(...secrets),
      now: Date.now,
      apiToken,
      nodeIdentity: new Set(),
      environment: environment ?? this.server.environment,
      signal: signal ?? AbortSignal.timeout(60_000),
      learn: secret => void this.learned.push(secret),
    };
  }
}
