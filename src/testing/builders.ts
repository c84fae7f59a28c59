// Fixtures that read as prose: aNamespace('apps').optedIn(). Each is the object itself,
// to be given to the in-memory API server, which fills in what a real one would.

import { DOCKER_CONFIG_KEY, DOCKER_CONFIG_TYPE, FINALIZER, SYNC_LABEL } from '../api/names.ts';
import type {
  LabelSelector,
  RegistryCredentialSpec,
  RegistrySpec,
  ServiceAccountSelection,
} from '../api/types.ts';
import type { ResourceName } from './resources.ts';

export const OPERATOR_NAMESPACE = 'regcred-system';

interface DraftMetadata {
  readonly name: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
}

/** What all have in common. Getters and methods are of the class: a copy is the bare object. */
export abstract class Fixture {
  readonly metadata: DraftMetadata;

  constructor(name: string, namespace?: string) {
    this.metadata = namespace === undefined ? { name } : { name, namespace };
  }

  abstract get resource(): ResourceName;

  labelled(labels: Record<string, string>): this {
    this.metadata.labels = { ...this.metadata.labels, ...labels };
    return this;
  }

  annotated(annotations: Record<string, string>): this {
    this.metadata.annotations = { ...this.metadata.annotations, ...annotations };
    return this;
  }

  finalizedBy(...finalizers: string[]): this {
    this.metadata.finalizers = finalizers;
    return this;
  }

  optedIn(): this {
    return this.labelled({ [SYNC_LABEL]: 'true' });
  }

  optedOut(): this {
    return this.labelled({ [SYNC_LABEL]: 'false' });
  }
}

class NamespaceFixture extends Fixture {
  get resource() {
    return 'namespaces' as const;
  }
}

class ServiceAccountFixture extends Fixture {
  imagePullSecrets?: { name: string }[];

  get resource() {
    return 'serviceaccounts' as const;
  }

  pullingWith(...names: string[]): this {
    this.imagePullSecrets = names.map(name => ({ name }));
    return this;
  }
}

class SecretFixture extends Fixture {
  type = 'Opaque';
  immutable?: boolean;
  data: Record<string, string> = {};

  get resource() {
    return 'secrets' as const;
  }

  in(namespace: string): this {
    this.metadata.namespace = namespace;
    return this;
  }

  ofType(type: string): this {
    this.type = type;
    return this;
  }

  frozen(): this {
    this.immutable = true;
    return this;
  }

  /** `value` as one would type it. */
  with(key: string, value: string): this {
    this.data[key] = Buffer.from(value).toString('base64');
    return this;
  }
}

class DockerConfigFixture extends SecretFixture {
  override type = DOCKER_CONFIG_TYPE;
  readonly #auths = new Map<string, object>();

  withLogin(server: string, username: string, password: string): this {
    const auth = Buffer.from(`${username}:${password}`).toString('base64');
    this.#auths.set(server, { username, password, auth });
    return this.with(DOCKER_CONFIG_KEY, JSON.stringify({ auths: Object.fromEntries(this.#auths) }));
  }
}

export class CredentialFixture extends Fixture {
  readonly spec: {
    registries: RegistrySpec[];
    secretName?: string;
    namespaceSelector?: LabelSelector;
    serviceAccounts?: ServiceAccountSelection;
    deletionPolicy?: 'Delete' | 'Orphan';
    refresh?: { schedule: string; timeZone?: string };
    suspend?: boolean;
    verification?: NonNullable<RegistryCredentialSpec['verification']>;
  } = { registries: [] };

  get resource() {
    return 'registrycredentials' as const;
  }

  /** Undefined is Docker Hub. */
  withBasic(server: string | undefined, secretName: string): this {
    const basic = { secretRef: { name: secretName } };
    this.spec.registries.push(server === undefined ? { basic } : { server, basic });
    return this;
  }

  withDockerConfig(secretName: string): this {
    this.spec.registries.push({ dockerConfig: { secretRef: { name: secretName } } });
    return this;
  }

  /** From a source of tokens, by the Secret `client`. */
  withToken(server: string): this {
    const clientCredentials = { secretRef: { name: 'client' }, authMethod: 'Basic' as const };
    const tokenEndpoint = 'https://tokens.example.com/token';
    this.spec.registries.push({ server, oauth: { tokenEndpoint, username: 'robot', clientCredentials } });
    return this;
  }

  refreshedAt(schedule: string, timeZone?: string): this {
    this.spec.refresh = { schedule, ...(timeZone !== undefined && { timeZone }) };
    return this;
  }

  into(secretName: string): this {
    this.spec.secretName = secretName;
    return this;
  }

  inNamespaces(selector: LabelSelector): this {
    this.spec.namespaceSelector = selector;
    return this;
  }

  inAllNamespaces(): this {
    return this.inNamespaces({});
  }

  forServiceAccounts(selection: ServiceAccountSelection): this {
    this.spec.serviceAccounts = selection;
    return this;
  }

  /** Undefined: it does not say. */
  verifying(verification: RegistryCredentialSpec['verification']): this {
    if (verification !== undefined) this.spec.verification = verification;
    return this;
  }

  orphaning(): this {
    this.spec.deletionPolicy = 'Orphan';
    return this;
  }

  suspended(): this {
    this.spec.suspend = true;
    return this;
  }

  /** As the operator leaves it once it has seen it. */
  finalized(): this {
    return this.finalizedBy(FINALIZER);
  }
}

export const aNamespace = (name: string) => new NamespaceFixture(name);

export const aServiceAccount = (namespace: string, name: string) =>
  new ServiceAccountFixture(name, namespace);

/** In the operator's namespace, unless in() says otherwise. */
export const aSecret = (name: string) => new SecretFixture(name, OPERATOR_NAMESPACE);

export const aBasicSecret = (name: string, username: string, password: string) =>
  aSecret(name).ofType('kubernetes.io/basic-auth').with('username', username).with('password', password);

export const aDockerConfigSecret = (name: string) => new DockerConfigFixture(name, OPERATOR_NAMESPACE);

export const aCredential = (name: string) => new CredentialFixture(name);
