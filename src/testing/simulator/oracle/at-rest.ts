// A small cluster as the operator leaves it, put together by hand, for tests that spoil one thing in it: the
// namespace apps is served by the RegistryCredential main, whose login for r.io is in the Secret login.

import type { ConditionType } from '../../../api/conditions.ts';
import {
  CREDENTIALS_ANNOTATION,
  DEFAULT_SECRET_NAME,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  PULL_SECRETS_ANNOTATION,
  SYNC_LABEL,
} from '../../../api/names.ts';
import {
  aBasicSecret,
  aCredential,
  aDockerConfigSecret,
  aNamespace,
  aServiceAccount,
  type Fixture,
  OPERATOR_NAMESPACE,
} from '../../builders.ts';
import { type Kinds, type ResourceName, resources } from '../../resources.ts';
import { type Desired, desired, differences, type Rules } from './desired.ts';
import type { Secret, Snapshot } from './snapshot.ts';

export const RULES: Rules = {
  operatorNamespace: OPERATOR_NAMESPACE,
  secretNames: ['regcred', 'team-login'],
};

/** What a status says: "status reason" of Ready, synced/selected, attached/selected, and what there is besides. */
export interface Said {
  readonly ready: string;
  readonly namespaces: string;
  readonly serviceAccounts: string;
  readonly failures?: Readonly<Record<string, string>>;
  readonly conditions?: Partial<Record<ConditionType, string>>;
  /** By index in spec.registries. */
  readonly messages?: readonly (string | undefined)[];
}

const SERVED: Said = { ready: 'True Synced', namespaces: '1/1', serviceAccounts: '1/1' };

export class AtRest {
  readonly #objects: { [R in ResourceName]?: Kinds[R][] } = {};
  readonly #past = new Map<string, Secret[]>();

  constructor() {
    this.given(aNamespace(OPERATOR_NAMESPACE), aBasicSecret('login', 'robot', 'fake'));
    this.given(aNamespace('apps').optedIn(), aCredential('main').withBasic('r.io', 'login').finalized());
    this.ours('apps', { 'r.io': 'fake' }).attached('apps').says('main');
  }

  given(...fixtures: readonly Fixture[]): this {
    for (const fixture of fixtures) {
      const { kind, apiVersion } = resources[fixture.resource];
      const object = structuredClone({ apiVersion, kind, ...fixture }) as unknown as Kinds['secrets'];
      Object.assign(object.metadata, { uid: fixture.metadata.name, resourceVersion: '1', generation: 1 });
      if (fixture.resource === 'registrycredentials')
        fillIn(object as unknown as Kinds['registrycredentials']);
      this.all(fixture.resource).push(object as never);
    }
    return this;
  }

  /** A Secret of ours, with robot's passwords by server. */
  ours(namespace: string, passwords: Record<string, string>, credentials = 'main', name = 'regcred'): this {
    const secret = aDockerConfigSecret(name)
      .in(namespace)
      .labelled({ [MANAGED_BY_LABEL]: MANAGED_BY });
    for (const [server, password] of Object.entries(passwords)) secret.withLogin(server, 'robot', password);
    return this.given(secret.annotated({ [CREDENTIALS_ANNOTATION]: credentials }));
  }

  /** A ServiceAccount with our entry. */
  attached(namespace: string, account = 'default', name = 'regcred'): this {
    const marked = aServiceAccount(namespace, account).annotated({ [PULL_SECRETS_ANNOTATION]: name });
    return this.given(marked.pullingWith(name));
  }

  says(credential: string, said: Partial<Said> = {}): this {
    const { ready, namespaces, serviceAccounts, ...rest } = { ...SERVED, ...said };
    const { metadata, spec } = this.of('registrycredentials', credential);
    const [status = '', reason = ''] = ready.split(' ');
    const [synced, selected] = halves(namespaces);
    const [attached, all] = halves(serviceAccounts);
    const condition = (type: ConditionType, holds: string, why: string) => ({
      type,
      status: holds as 'True',
      reason: why,
      message: why,
      lastTransitionTime: '2026-01-01T00:00:00Z',
      observedGeneration: metadata.generation ?? 0,
    });
    const others = Object.entries(rest.conditions ?? {}) as [ConditionType, string][];
    this.of('registrycredentials', credential).status = {
      observedGeneration: metadata.generation ?? 0,
      conditions: [
        condition('Ready', status, reason),
        ...others.map(([type, why]) => condition(type, 'True', why)),
      ],
      registries: spec.registries.map((_, index) => {
        const message = rest.messages?.[index];
        return { server: 'r.io', source: 'basic', ...(message === undefined ? {} : { message }) };
      }),
      namespaces: { selected, synced, failed: selected - synced, summary: namespaces },
      serviceAccounts: { selected: all, attached, summary: serviceAccounts },
      failures: Object.entries(rest.failures ?? {}).map(([namespace, why]) => ({
        namespace,
        reason: why,
        message: why,
      })),
    };
    return this;
  }

  all<R extends ResourceName>(resource: R): Kinds[R][] {
    this.#objects[resource] ??= [] as never;
    return this.#objects[resource] as Kinds[R][];
  }

  /** To be changed: of "namespace/name", or of a name. */
  of<R extends ResourceName>(resource: R, key: string): Kinds[R] {
    const found = this.all(resource).find(({ metadata }) => keyOf(metadata) === key);
    if (found === undefined) throw new Error(`there is no ${resource} ${key}`);
    return found;
  }

  remove(resource: ResourceName, key: string): this {
    const objects = this.all(resource);
    objects.splice(objects.indexOf(this.of(resource, key) as never), 1);
    return this;
  }

  /** The source held this before. */
  once(secret: Fixture): this {
    const { name } = secret.metadata;
    this.#past.set(name, [
      ...(this.#past.get(name) ?? []),
      structuredClone({ ...secret }) as unknown as Secret,
    ]);
    return this;
  }

  optOut(namespace: string): this {
    this.of('namespaces', namespace).metadata.labels = { [SYNC_LABEL]: 'false' };
    return this;
  }

  differences(): string[] {
    return differences(this.#snapshot(), name => this.#past.get(name) ?? [], RULES);
  }

  desired(): Desired {
    return desired(this.#snapshot(), name => this.#past.get(name) ?? [], RULES);
  }

  #snapshot(): Snapshot {
    return {
      credentials: this.all('registrycredentials'),
      namespaces: this.all('namespaces'),
      serviceAccounts: this.all('serviceaccounts'),
      secrets: this.all('secrets'),
    };
  }
}

const keyOf = ({ namespace, name }: { namespace?: string; name: string }) =>
  namespace === undefined ? name : `${namespace}/${name}`;

const halves = (text: string): [number, number] => {
  const [some, all] = text.split('/').map(Number);
  return [some ?? 0, all ?? 0];
};

/** The defaults of the schema. */
function fillIn({ spec }: Kinds['registrycredentials']): void {
  spec.secretName ??= DEFAULT_SECRET_NAME;
  spec.namespaceSelector ??= { matchLabels: { [SYNC_LABEL]: 'true' } };
  spec.deletionPolicy ??= 'Delete';
}
