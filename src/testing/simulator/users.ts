// Everybody else who writes to the cluster, by the side door of the API server. What a step asks
// of an object that is not there, or is refused, has no effect.

import { FINALIZER, MANAGED_BY, MANAGED_BY_LABEL, PULL_SECRETS_ANNOTATION } from '../../api/names.ts';
import { ApiError } from '../../kube/errors.ts';
import { aDockerConfigSecret, aNamespace, aServiceAccount, OPERATOR_NAMESPACE } from '../builders.ts';
import type { FakeApiServer } from '../fake-api-server.ts';
import { keyOf } from '../resources.ts';
import { FOREIGN_FINALIZER, passwordOf } from './pools.ts';
import { writeSource } from './source-writer.ts';
import type { CredentialDraft, UserStep } from './step.ts';

/** Returns whether it had an effect. */
export function act(step: UserStep, server: FakeApiServer): boolean {
  const before = server.resourceVersion;
  try {
    const handle = ACTIONS[step.do] as (step: UserStep, server: FakeApiServer) => void;
    handle(step, server);
  } catch (error) {
    if (!(error instanceof ApiError) && !/^there is no /.test((error as Error).message)) throw error;
  }
  return server.resourceVersion !== before;
}

type Actions = {
  readonly [Do in UserStep['do']]: (step: Extract<UserStep, { do: Do }>, server: FakeApiServer) => void;
};

const named = (pullSecrets: readonly string[]) => pullSecrets.map(name => ({ name }));

const ACTIONS: Actions = {
  createCredential: ({ name, spec }, server) => {
    server.create('registrycredentials', { metadata: { name }, spec: withoutNull(spec) } as {
      metadata: { name: string };
    });
  },
  editCredential: ({ name, spec }, server) => {
    server.update('registrycredentials', name, credential => {
      credential.spec = withoutNull({ ...credential.spec, ...spec }) as typeof credential.spec;
    });
  },
  deleteCredential: ({ name }, server) => server.delete('registrycredentials', name),
  clearFinalizer: ({ name }, server) => {
    server.update('registrycredentials', name, ({ metadata }) => {
      const rest = (metadata.finalizers ?? []).filter(finalizer => finalizer !== FINALIZER);
      metadata.finalizers = rest;
    });
  },
  holdCredential: ({ name }, server) => hold('registrycredentials', name, server),
  letCredentialGo: ({ name }, server) => letGo('registrycredentials', name, server),
  createNamespace: ({ name, labels }, server) => {
    server.create('namespaces', aNamespace(name).labelled(labels));
  },
  deleteNamespace: ({ name }, server) => server.delete('namespaces', name),
  finishNamespace: ({ name }, server) => {
    const { deletionTimestamp } = server.get('namespaces', name)?.metadata ?? {};
    if (deletionTimestamp !== undefined) server.controllers.finishTermination(name);
  },
  labelNamespace: ({ name, labels }, server) => server.label('namespaces', name, labels),
  createAccount: ({ in: namespace, name, labels, list }, server) => {
    server.create(
      'serviceaccounts',
      aServiceAccount(namespace, name)
        .labelled(labels)
        .pullingWith(...list),
    );
  },
  deleteAccount: ({ in: namespace, name }, server) => server.delete('serviceaccounts', namespace, name),
  labelAccount: ({ in: namespace, name, labels }, server) =>
    server.label('serviceaccounts', keyOf(namespace, name), labels),
  takeAnnotation: ({ in: namespace, name }, server) =>
    server.annotate('serviceaccounts', keyOf(namespace, name), { [PULL_SECRETS_ANNOTATION]: null }),
  writeList: (step, server) => writeList(step, server),
  takeEntry: ({ in: namespace, name, entry }, server) => {
    server.update('serviceaccounts', keyOf(namespace, name), account => {
      account.imagePullSecrets = (account.imagePullSecrets ?? []).filter(one => one.name !== entry);
    });
  },
  writeSource: ({ name, content }, server) => writeSource(name, content, server),
  deleteSource: ({ name }, server) => server.delete('secrets', OPERATOR_NAMESPACE, name),
  createTarget: (step, server) => createTarget(step, server),
  deleteTarget: ({ in: namespace, name }, server) => server.delete('secrets', namespace, name),
  editTarget: ({ in: namespace, name }, server) => {
    server.update('secrets', keyOf(namespace, name), secret => {
      secret.data =
        secret.type === 'Opaque' ? { changed: 'eA==' } : (foreignConfig(namespace, name, 7).data ?? {});
    });
  },
  unlabelTarget: ({ in: namespace, name }, server) =>
    server.label('secrets', keyOf(namespace, name), { [MANAGED_BY_LABEL]: null }),
  labelTarget: ({ in: namespace, name }, server) =>
    server.label('secrets', keyOf(namespace, name), { [MANAGED_BY_LABEL]: MANAGED_BY }),
  freezeTarget: ({ in: namespace, name }, server) => {
    server.update('secrets', keyOf(namespace, name), secret => {
      secret.immutable = true;
    });
  },
  holdTarget: ({ in: namespace, name }, server) => hold('secrets', keyOf(namespace, name), server),
  letTargetGo: ({ in: namespace, name }, server) => letGo('secrets', keyOf(namespace, name), server),
};

/** Something else has to clean up before it may go. */
function hold(resource: 'secrets' | 'registrycredentials', key: string, server: FakeApiServer): void {
  server.update(resource, key, ({ metadata }) => {
    metadata.finalizers = [...new Set([...(metadata.finalizers ?? []), FOREIGN_FINALIZER])];
  });
}

function letGo(resource: 'secrets' | 'registrycredentials', key: string, server: FakeApiServer): void {
  server.update(resource, key, ({ metadata }) => {
    metadata.finalizers = (metadata.finalizers ?? []).filter(finalizer => finalizer !== FOREIGN_FINALIZER);
  });
}

const withoutNull = ({ serviceAccounts, ...spec }: Partial<CredentialDraft>): object =>
  serviceAccounts === null || serviceAccounts === undefined ? spec : { ...spec, serviceAccounts };

type StepOf<Do extends UserStep['do']> = Extract<UserStep, { do: Do }>;

function writeList({ in: namespace, name, list, by }: StepOf<'writeList'>, server: FakeApiServer): void {
  const key = keyOf(namespace, name);
  if (by === 'edit' || by === 'clientApply') {
    // A client-side apply is a patch by whoever applies, so it owns what it changed in the same way.
    server.update(
      'serviceaccounts',
      key,
      account => {
        account.imagePullSecrets = named(list);
      },
      by === 'edit' ? 'kubectl-edit' : 'kubectl-client-side-apply',
    );
    return;
  }
  const metadata = { name, namespace };
  const applied = { metadata, ...(list.length === 0 ? {} : { imagePullSecrets: named(list) }) };
  server.apply('serviceaccounts', applied, 'helm', by === 'forcedApply');
}

const foreignConfig = (namespace: string, name: string, number: number) =>
  aDockerConfigSecret(name).in(namespace).withLogin('foreign.io', 'theirs', passwordOf(number));

function createTarget(step: StepOf<'createTarget'>, server: FakeApiServer): void {
  const { in: namespace, name, type, managed, immutable, replace } = step;
  if (replace && server.get('secrets', namespace, name) !== undefined)
    server.delete('secrets', namespace, name);
  const config = foreignConfig(namespace, name, 3);
  const secret = type === 'config' ? config : config.ofType('Opaque');
  if (managed) secret.labelled({ [MANAGED_BY_LABEL]: MANAGED_BY });
  if (immutable) secret.frozen();
  server.create('secrets', secret);
}
