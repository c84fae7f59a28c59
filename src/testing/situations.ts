// How a RegistryCredential fares, as a fixture that reads as prose:
// aSituation().with(3, 'namespaces served').sourceFailing('kept').

import type { FailureReason } from '../api/conditions.ts';
import { FINALIZER } from '../api/names.ts';
import type { RegistryCredentialSpec, RegistryCredentialStatus } from '../api/types.ts';
import type { Failure, Verdict } from '../core/change.ts';
import type { CredentialRecord } from '../core/credential-record.ts';
import type { LeftOut } from '../core/merge.ts';
import type { Situation } from '../core/readiness.ts';
import type { RegistryReport } from '../core/registry-report.ts';
import { type Stall, stallOf } from '../core/stall.ts';
import { statusOf } from '../core/status.ts';
import { type Tally, tally } from '../core/tally.ts';

const SPEC: RegistryCredentialSpec = {
  registries: [{ server: 'r.io', basic: { secretRef: { name: 'login' } } }],
  secretName: 'regcred',
  namespaceSelector: { matchLabels: { 'regcred.dev/sync': 'true' } },
  deletionPolicy: 'Delete',
};

export const aRecord = (change: Partial<CredentialRecord> = {}): CredentialRecord => ({
  name: 'team',
  uid: 'uid-of-team',
  resourceVersion: '1',
  generation: 3,
  deleted: false,
  finalizers: [],
  spec: SPEC,
  unreadable: undefined,
  status: undefined,
  ...change,
});

export const aReport = (change: Partial<RegistryReport> = {}): RegistryReport => ({
  server: 'r.io',
  source: 'basic',
  state: 'serving',
  message: undefined,
  expiresAt: undefined,
  ...change,
});

export const failure = (reason: FailureReason, message = `because of ${reason}`): Failure => ({
  reason,
  message,
});

/** One ServiceAccount is selected; it is attached unless the namespace fails. */
export const verdict = (failing?: Failure, leftOut: readonly LeftOut[] = []): Verdict => ({
  failure: failing,
  serviceAccounts: { selected: 1, attached: failing === undefined ? 1 : 0 },
  leftOut,
  servedUnknown: [],
});

/** All is well in one namespace, and nothing was said before, unless told otherwise. */
class SituationFixture implements Situation {
  record = aRecord();
  stall: Stall | undefined = undefined;
  reports: readonly RegistryReport[] = [aReport()];
  tally: Tally = tally(new Map([['apps', verdict()]]));
  isRollingOut = false;
  isCounted = true;
  problem: Failure | undefined = undefined;

  with(change: Partial<Situation>): this {
    return Object.assign(this, change);
  }

  in = (namespaces: Record<string, Verdict>): this =>
    this.with({ tally: tally(new Map(Object.entries(namespaces))) });
  nowhere = (): this => this.in({});
  rollingOut = (): this => this.with({ isRollingOut: true });
  refused = (problem: Failure): this => this.with({ problem });
  reporting = (...reports: RegistryReport[]): this => this.with({ reports });
  saying = (status: RegistryCredentialStatus): this => this.with({ record: { ...this.record, status } });
  /** What follows comes after a status that said all this. */
  said = (): this => this.saying(statusOf(this, 0));
  deleted = (): this => this.with({ record: { ...this.record, deleted: true, finalizers: [FINALIZER] } });
  /** And only others keep it. */
  undone = (...finalizers: readonly string[]): this =>
    this.nowhere().with({ record: { ...this.record, deleted: true, finalizers } });
  specifying = (spec: Partial<RegistryCredentialSpec>): this =>
    this.with({ record: { ...this.record, spec: { ...this.record.spec, ...spec } } });
  /** As the operator tells it: nothing is counted meanwhile. */
  suspended = (): this => this.specifying({ suspend: true }).with({ isCounted: false });

  /** Under a secretName that the operator was not started with. */
  stalled(): this {
    this.specifying({ secretName: 'other' });
    return this.with({ stall: stallOf(this.record, ['regcred']) });
  }

  /** At times that there are not. */
  unscheduled(): this {
    this.specifying({ refresh: { schedule: '0 0 30 2 *' } });
    return this.with({ stall: stallOf(this.record, ['regcred']) });
  }

  /** The CRD is of another version. */
  unreadable(): this {
    this.with({ record: { ...this.record, unreadable: 'spec.registries[0]' } });
    return this.with({ stall: stallOf(this.record, ['regcred']) });
  }
}

export const aSituation = () => new SituationFixture();
