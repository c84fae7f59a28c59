// What can happen in a simulation. Steps are plain JSON, and each is meaningful or without effect
// by itself: whichever are left out, the rest is still a schedule, which shrinking leans on.

import type {
  LabelSelector,
  RegistrySpec,
  ServiceAccountSelection,
  VerificationMode,
} from '../../api/types.ts';

export interface Schedule {
  readonly seed: number;
  readonly replicas: 1 | 2;
  readonly election: boolean;
  /** With the policies that bind the operator. Without them the rules rest on its good behaviour alone. */
  readonly policies: boolean;
  /** With the mutating admission policy of manifests/components/admission. */
  readonly admission: boolean;
  /** Whether logins are tried at their registries (`--default-verification`). */
  readonly verification: VerificationMode;
  /** Milliseconds until the replicas start; steps go on meanwhile. */
  readonly startsAfter: number;
  /** Ends with the deletion of all RegistryCredentials. */
  readonly undo: boolean;
  readonly steps: readonly Step[];
}

export type Step = {
  /** Milliseconds since the step before. */
  readonly after: number;
} & (UserStep | FaultStep);

export interface CredentialDraft {
  readonly registries: readonly RegistrySpec[];
  readonly secretName?: string;
  readonly namespaceSelector?: LabelSelector;
  readonly serviceAccounts?: ServiceAccountSelection | null;
  readonly deletionPolicy?: 'Delete' | 'Orphan';
  readonly suspend?: boolean;
}

type Labels = Readonly<Record<string, string | null>>;

export type UserStep =
  | { readonly do: 'createCredential'; readonly name: string; readonly spec: CredentialDraft }
  | { readonly do: 'editCredential'; readonly name: string; readonly spec: Partial<CredentialDraft> }
  | {
      readonly do: 'deleteCredential' | 'clearFinalizer' | 'holdCredential' | 'letCredentialGo';
      readonly name: string;
    }
  | { readonly do: 'createNamespace'; readonly name: string; readonly labels: Record<string, string> }
  | { readonly do: 'deleteNamespace' | 'finishNamespace'; readonly name: string }
  | { readonly do: 'labelNamespace'; readonly name: string; readonly labels: Labels }
  | {
      readonly do: 'createAccount';
      readonly in: string;
      readonly name: string;
      readonly labels: Record<string, string>;
      readonly list: readonly string[];
    }
  | { readonly do: 'deleteAccount' | 'takeAnnotation'; readonly in: string; readonly name: string }
  | { readonly do: 'labelAccount'; readonly in: string; readonly name: string; readonly labels: Labels }
  | ListStep
  | SourceStep
  | TargetStep;

/** Somebody writes the imagePullSecrets of a ServiceAccount. */
type ListStep =
  | {
      readonly do: 'writeList';
      readonly in: string;
      readonly name: string;
      readonly list: readonly string[];
      /** `edit` replaces the object, `clientApply` patches, the others apply as a manager of its own. */
      readonly by: 'edit' | 'clientApply' | 'apply' | 'forcedApply';
    }
  | { readonly do: 'takeEntry'; readonly in: string; readonly name: string; readonly entry: string };

export type SourceContent =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | { readonly kind: 'config'; readonly logins: Readonly<Record<string, string>> }
  /** One entry that no kubelet could read, beside sound ones. */
  | { readonly kind: 'configWithBadEntry'; readonly logins: Readonly<Record<string, string>> }
  | { readonly kind: 'malformed' | 'empty' };

type SourceStep =
  | { readonly do: 'writeSource'; readonly name: string; readonly content: SourceContent }
  | { readonly do: 'deleteSource'; readonly name: string };

type TargetStep =
  | {
      readonly do: 'createTarget';
      readonly in: string;
      readonly name: string;
      readonly type: 'config' | 'opaque';
      readonly managed: boolean;
      readonly immutable: boolean;
      /** The one that is there is deleted first. */
      readonly replace: boolean;
    }
  | {
      readonly do:
        | 'deleteTarget'
        | 'editTarget'
        | 'unlabelTarget'
        | 'labelTarget'
        | 'freezeTarget'
        | 'holdTarget'
        | 'letTargetGo';
      readonly in: string;
      readonly name: string;
    };

export type RequestFault =
  | 'refuseConnection'
  | 'loseAnswer'
  | 'silence'
  | 'cutAnswer'
  | 'slow'
  /** Carried out at once; the watch tells of it, and of what followed, before the answer does. */
  | 'slowAnswer'
  | '401'
  | '409'
  | '422'
  | '429'
  | '500'
  | '503';

export type FaultStep =
  /** The next requests of this kind, of whatever replica. */
  | { readonly do: 'fault'; readonly fault: RequestFault; readonly on: FaultTarget; readonly times: number }
  | { readonly do: 'forbid'; readonly in: string; readonly for: number }
  | { readonly do: 'away'; readonly for: number }
  | { readonly do: 'partition'; readonly replica: number; readonly for: number }
  | { readonly do: 'cutWatches'; readonly how: 'clean' | 'error' | 'midFrame'; readonly kind: WatchKind }
  | { readonly do: 'delayEvents'; readonly kind: WatchKind; readonly by: number; readonly for: number }
  /** The next list begins with an older state and catches up, as a server does whose cache is behind. */
  | { readonly do: 'staleList'; readonly kind: WatchKind; readonly age: number }
  | { readonly do: 'compact' | 'bookmark' }
  | {
      readonly do: 'crash';
      readonly replica: number;
      /** At its n-th write from now, before or after that is carried out; 0 is at once. */
      readonly atWrite: number;
      readonly when: 'before' | 'after';
      readonly restartAfter: number;
    }
  | { readonly do: 'restart'; readonly replica: number }
  | { readonly do: 'freeze'; readonly replica: number; readonly for: number }
  | { readonly do: 'setClock'; readonly replica: number; readonly by: number };

export type FaultTarget =
  | 'secrets'
  | 'serviceaccounts'
  | 'registrycredentials'
  | 'leases'
  | 'writes'
  | 'reads';

export type WatchKind = 'secrets' | 'serviceaccounts' | 'namespaces' | 'registrycredentials' | 'all';
