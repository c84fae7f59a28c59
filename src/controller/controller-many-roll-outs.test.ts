// What is told of many RegistryCredentials while all of them are rolled out: not more than of a few.

import { expect } from 'chai';
import type { RegistryCredentialStatus } from '../api/types.ts';
import { ApiError } from '../kube/errors.ts';
import type { KubeObject } from '../kube/kube-client.ts';
import { aCredential, aNamespace } from '../testing/builders.ts';
import { OperatorRig } from '../testing/operator-rig.ts';

const NAMESPACES = 40;
/** Milliseconds that each Secret takes, four of them at a time: so a roll-out takes ten seconds. */
const WRITE = 1_000;
/** What a look waits for what belongs together, after the second that it keeps to the last one. */
const SOON = 1_000 + 150;

interface Told {
  readonly name: string;
  readonly at: number;
  readonly status: RegistryCredentialStatus;
}

describe('status of RegistryCredentials that are rolled out at the same time', () => {
  let rig: OperatorRig;
  let told: Told[];
  /** When the last Secret was written. */
  let lastWrite: number;
  /** When the namespace was refused, if one is to be. */
  let refused: number;
  let refusing: string | undefined;

  beforeEach(() => {
    rig = new OperatorRig();
    [told, refusing, refused, lastWrite] = [[], undefined, 0, 0];
    for (let n = 0; n < NAMESPACES; n += 1) rig.server.given(aNamespace(`n${n}`).optedIn());
    rig.server.before = async ({ path, method }) => {
      const [, namespace] = /namespaces\/([^/]+)\/secrets\/regcred$/.exec(path) ?? [];
      if (namespace === undefined || method !== 'PATCH') return;
      await new Promise<void>(resolve => rig.clock.setTimeout(resolve, WRITE));
      if (namespace !== refusing) return;
      if (refused === 0) refused = rig.clock.now();
      throw new ApiError(403, 'Forbidden', 'exceeded quota: secrets', []);
    };
    rig.server.after = ({ path }, { body }) => {
      const { metadata, status } = body as KubeObject & { status: RegistryCredentialStatus };
      if (path.endsWith('/status')) told.push({ name: metadata.name, at: rig.clock.now(), status });
      if (path.endsWith('/secrets/regcred')) lastWrite = rig.clock.now();
    };
  });
  afterEach(async () => {
    rig.server.before = undefined;
    // What is under way comes to its end.
    await rig.settle(WRITE);
    await rig.stop();
  });

  const given = (credentials: number): string[] => {
    const names = Array.from({ length: credentials }, (_, n) => `team-${n}`);
    rig.server.given(...names.map(name => aCredential(name).withBasic(`${name}.r.io`, 'login')));
    return names;
  };

  const of = (credential: string): Told[] => told.filter(({ name }) => name === credential);

  const pauses = (all: readonly Told[]): number[] =>
    all.slice(1).map(({ at }, index) => at - (all[index]?.at ?? 0));

  it('follows once a second where there are five', async () => {
    const names = given(5);
    await rig.start();
    await rig.settle(15_000);
    for (const name of names) expect(of(name).length, name).to.be.within(10, 12);
  });

  it('follows every four seconds where there are twenty, but for what is told first and last', async () => {
    const names = given(20);
    await rig.start();
    await rig.settle(15_000);
    for (const name of names) {
      const all = of(name);
      expect(all.length, name).to.be.within(3, 4);
      expect(Math.min(...pauses(all.slice(0, -1))), name).to.be.at.least(4_000);
      const last = all.at(-1);
      expect(last?.status.namespaces.summary, name).to.equal(`${NAMESPACES}/${NAMESPACES}`);
      expect((last?.at ?? 0) - lastWrite, name).to.be.at.most(SOON);
    }
  });

  it('counts a new namespace as ever where it is served already', async () => {
    rig.server.given(aCredential('calm').withBasic('calm.r.io', 'login'));
    await rig.start();
    await rig.settle(15_000);
    given(20);
    await rig.settle(2_000);
    for (const fresh of [1, 2]) {
      const since = rig.clock.now();
      rig.server.given(aNamespace(`fresh-${fresh}`).optedIn());
      await rig.settle(2_000);
      const [counted] = of('calm').filter(({ at }) => at > since);
      expect(counted?.status.namespaces.synced, `fresh-${fresh}`).to.equal(NAMESPACES + fresh);
      expect((counted?.at ?? 0) - since).to.be.at.most(WRITE + SOON);
    }
    expect(rig.told('team-0')).to.match(/^False Progressing/);
  });

  it('names a namespace that refuses as soon as it would if there were one', async () => {
    refusing = 'n15';
    const names = given(20);
    await rig.start();
    await rig.settle(15_000);
    expect(refused).to.be.lessThan(lastWrite - 4_000);
    for (const name of names) {
      const first = of(name).find(({ status }) => status.failures.length > 0);
      expect((first?.at ?? Number.NaN) - refused, name).to.be.at.most(SOON);
    }
  });
});
