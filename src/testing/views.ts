// What plan is told, as fixtures that read as prose: secret('regcred').of('team').holding(login('r.io')).
// A view is put together from them: view(namespace('apps'), account('default'), credential('team')).

import { DOCKER_CONFIG_TYPE, SYNC_LABEL } from '../api/names.ts';
import type { LabelSelector, ServiceAccountSelection } from '../api/types.ts';
import type { AuthEntry } from '../core/auth-entry.ts';
import { contentOf, encodeDockerConfig, encodeEntry } from '../core/docker-config.ts';
import { materialOf, type RegistryMaterial } from '../core/material.ts';
import type {
  FieldOwner,
  NamespaceRecord,
  Ownership,
  SecretRecord,
  ServiceAccountRecord,
} from '../core/records.ts';
import { serverKey } from '../core/server-key.ts';
import type { CredentialView, NamespaceView } from '../core/view.ts';
import { OPERATOR_NAMESPACE } from './builders.ts';

/** Of the user "robot". */
export const login = (server: string, password = 'old'): AuthEntry =>
  encodeEntry({ server, username: 'robot', password });

class NamespaceFixture implements NamespaceRecord {
  readonly name: string;
  readonly uid: string;
  resourceVersion = '1';
  labels: Record<string, string> = {};
  terminating = false;

  constructor(name: string) {
    this.name = name;
    this.uid = `uid-of-${name}`;
  }

  labelled(labels: Record<string, string>): this {
    this.labels = labels;
    return this;
  }

  optedIn = (): this => this.labelled({ [SYNC_LABEL]: 'true' });
  optedOut = (): this => this.labelled({ [SYNC_LABEL]: 'false' });

  going(): this {
    this.terminating = true;
    return this;
  }
}

class AccountFixture implements ServiceAccountRecord {
  readonly name: string;
  readonly uid: string;
  namespace = 'apps';
  resourceVersion = '1';
  labels: Record<string, string> = {};
  pullSecrets: readonly string[] = [];
  ownPullSecrets: readonly string[] = [];
  ownership: Ownership = { owners: [], isInTheWay: false };

  constructor(name: string) {
    this.name = name;
    this.uid = `uid-of-${name}`;
  }

  labelled(labels: Record<string, string>): this {
    this.labels = labels;
    return this;
  }

  optedOut = (): this => this.labelled({ [SYNC_LABEL]: 'false' });

  pullingWith(...names: string[]): this {
    this.pullSecrets = names;
    return this;
  }

  /** Our annotation: these entries were added by us. */
  marked(...names: string[]): this {
    this.ownPullSecrets = names;
    return this;
  }

  /** The list is claimed by us, so that its owner would meet a conflict. */
  inTheWay(...owners: FieldOwner[]): this {
    this.ownership = { owners, isInTheWay: true };
    return this;
  }
}

/** Ours, and of nobody, unless told otherwise. */
class SecretFixture implements SecretRecord {
  readonly name: string;
  readonly uid: string;
  namespace = 'apps';
  resourceVersion = '1';
  type = DOCKER_CONFIG_TYPE;
  immutable = false;
  managed = true;
  ownsLabel = true;
  handedOver = false;
  credentials: readonly string[] = [];
  content = contentOf('');
  terminating = false;

  constructor(name: string) {
    this.name = name;
    this.uid = `uid-of-${name}`;
  }

  with(change: Partial<SecretRecord>): this {
    return Object.assign(this, change);
  }

  of = (...credentials: string[]): this => this.with({ credentials });
  holding = (...entries: AuthEntry[]): this => this.with({ content: contentOf(encodeDockerConfig(entries)) });
  /** Without our label; what else of ours is on it stays. */
  foreign = (): this => this.with({ managed: false, ownsLabel: false });
  /** Somebody else put our label on it. */
  labelledByHand = (): this => this.with({ managed: true, ownsLabel: false });
  /** The same, and seen by us. */
  handed = (): this => this.with({ handedOver: true });
  frozen = (): this => this.with({ immutable: true });
  opaque = (): this => this.with({ type: 'Opaque' });
  going = (): this => this.with({ terminating: true });
}

/** For every namespace and ServiceAccount, and without any registry, unless told otherwise. */
class CredentialFixture implements CredentialView {
  readonly name: string;
  secretName = 'regcred';
  namespaceSelector: LabelSelector = {};
  serviceAccounts: ServiceAccountSelection | undefined = undefined;
  deletionPolicy: 'Delete' | 'Orphan' = 'Delete';
  phase: 'active' | 'suspended' | 'deleted' = 'active';
  material = materialOf([]);

  constructor(name: string) {
    this.name = name;
  }

  with(change: Partial<CredentialView>): this {
    return Object.assign(this, change);
  }

  /** One more registry. */
  having = (registry: RegistryMaterial): this =>
    this.with({ material: materialOf([...this.material.registries, registry]) });
  giving = (...entries: AuthEntry[]): this => this.having({ state: 'known', entries });
  /** A source that never gave anything. */
  failing = (): this => this.having({ state: 'absent' });
  /** A source that fails since the operator was started; without servers: it may have had any. */
  failingSinceStart = (...servers: string[]): this =>
    this.having({
      state: 'unknown',
      keys: servers.length === 0 ? undefined : servers.flatMap(server => serverKey(server) ?? []),
    });

  into = (secretName: string): this => this.with({ secretName });
  inNamespaces = (matchLabels: Record<string, string>): this =>
    this.with({ namespaceSelector: { matchLabels } });
  forAccounts = (...names: string[]): this => this.with({ serviceAccounts: { names } });
  orphaning = (): this => this.with({ deletionPolicy: 'Orphan' });
  suspended = (): this => this.with({ phase: 'suspended' });
  deleted = (): this => this.with({ phase: 'deleted' });
}

export const namespace = (name: string) => new NamespaceFixture(name);
export const account = (name: string) => new AccountFixture(name);
export const secret = (name: string) => new SecretFixture(name);
export const credential = (name: string) => new CredentialFixture(name);

type Part = NamespaceFixture | AccountFixture | SecretFixture | CredentialFixture;

/** Of the namespace "apps" unless another is among the parts; `regcred` and `team-login` are served. */
export function view(...parts: readonly Part[]): NamespaceView {
  const place = parts.find(part => part instanceof NamespaceFixture) ?? namespace('apps');
  const placed = <T extends AccountFixture | SecretFixture>(part: T): T =>
    Object.assign(part, { namespace: place.name });
  return {
    namespace: place,
    serviceAccounts: parts.filter(part => part instanceof AccountFixture).map(placed),
    secrets: parts.filter(part => part instanceof SecretFixture).map(placed),
    credentials: parts
      .filter(part => part instanceof CredentialFixture)
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    operatorNamespace: OPERATOR_NAMESPACE,
    secretNames: ['regcred', 'team-login'],
  };
}
