import { expect } from 'chai';
import type { Condition } from './conditions.ts';
import type { FromSchema } from './schema.ts';
import type { statusSchema } from './status-schema.ts';
import type { LabelSelector, NamespaceFailure, RegistryCredentialSpec, RegistryStatus } from './types.ts';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only where A and B are the same; the compiler is the test. */
const same = <A, B>(verdict: Same<A, B>): void => {
  expect(verdict).to.equal(true);
};

interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: {
    key: string;
    operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
    values?: string[];
  }[];
}

interface Spec {
  registries: {
    server?: string;
    basic?: { secretRef: { name: string } };
    dockerConfig?: { secretRef: { name: string } };
    oauth?: OAuth;
    ecr?: {
      region?: string;
      public?: boolean;
      roleArn?: string;
      externalId?: string;
      secretRef?: { name: string };
    };
    gar?: { secretRef?: { name: string } };
    acr?: { tenantId?: string; clientId?: string; secretRef?: { name: string } };
    caSecretRef?: { name: string };
    insecure?: boolean;
  }[];
  secretName: string;
  namespaceSelector: Selector;
  serviceAccounts?: { names?: string[]; selector?: Selector };
  refresh?: { schedule: string; timeZone?: string };
  verification?: { mode?: 'Off' | 'Report' | 'Enforce'; image?: string };
  deletionPolicy: 'Delete' | 'Orphan';
  suspend?: boolean;
}

interface OAuth {
  tokenEndpoint: string;
  username: string;
  scope?: string;
  parameters?: Record<string, string>;
  clientCredentials?: { secretRef: { name: string }; authMethod: 'Basic' | 'Post' };
  tokenExchange?: {
    audience: string;
    subjectTokenType: 'JWT' | 'IDToken' | 'AccessToken';
    encoding: 'Form' | 'JSON';
    secretRef?: { name: string };
    authMethod: 'Basic' | 'Post';
  };
  quayRobot?: { audience: string };
}

interface Registry {
  server: string;
  source: string;
  expiresAt?: string;
  verified?: 'True' | 'False' | 'Unknown';
  reason?: string;
  message?: string;
}

describe('The types that follow from the schema', () => {
  it('has what is required or defaulted always, and the rest maybe', () => {
    same<Plain<RegistryCredentialSpec>, Plain<Spec>>(true);
    same<Plain<LabelSelector>, Plain<Selector>>(true);
  });

  it('has the status of a registry and of a namespace', () => {
    same<RegistryStatus, Registry>(true);
    same<NamespaceFailure, { namespace: string; reason: string; message: string }>(true);
  });

  it('admits every condition that the operator can write', () => {
    type Admitted = FromSchema<typeof statusSchema>['conditions'][number];
    const admit = (condition: Condition): Admitted => condition;
    const fields = (condition: Admitted): (keyof Condition)[] => Object.keys(condition) as (keyof Admitted)[];
    expect([admit, fields]).to.have.lengthOf(2);
  });
});

/** The same type with intersections and aliases worked out, all the way down. */
type Plain<T> = T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
