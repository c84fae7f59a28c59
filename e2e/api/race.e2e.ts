// A tenant who makes a Secret of our name in the very moment in which the operator does: whoever
// comes first has it, and the other notices, also when both write the same bytes.

import { expect } from 'chai';
import { ApiError } from '../../src/kube/errors.ts';
import type { AnyObject } from './admin.ts';
import { eventually } from './eventually.ts';
import { operator } from './operator.ts';
import {
  failuresOf,
  isUnreferenced,
  KEPT_OUT,
  LOGINS,
  makeForeign,
  NO_LONGER_KEPT_OUT,
  oneLogin,
} from './ownership.ts';
import { Scenario, setLabels } from './scenario.ts';
import { isReady, isServed, secretIn } from './served.ts';

const ROUNDS = 30;

describe('a tenant who makes the Secret at the same moment', () => {
  let story: Scenario;
  before(operator);
  beforeEach(() => {
    story = new Scenario('race');
  });
  afterEach(() => story.end());

  /** Undefined when the operator was first. */
  const makeUnlessThere = (namespace: string, data: object): Promise<AnyObject | undefined> =>
    makeForeign(namespace, data).catch((error: unknown) => {
      if (error instanceof ApiError && error.reason === 'AlreadyExists') return undefined;
      throw error;
    });

  for (const [which, sameBytes] of [
    ['the same bytes', true],
    ['other bytes', false],
  ] as const)
    it(`keeps it untouched or finds it taken, with ${which}`, async () => {
      const served = await story.namespace('served');
      const credential = await oneLogin(story, 'x');
      await isServed(served, LOGINS);
      const data = sameBytes ? (await secretIn(served)).data : { '.dockerconfigjson': 'e30=' };
      const names = Array.from({ length: ROUNDS }, (_, index) => `n${index}`);
      const namespaces = await Promise.all(names.map(name => story.namespace(name, KEPT_OUT)));
      const made = await Promise.all(
        namespaces.map(async namespace => {
          await setLabels(namespace, NO_LONGER_KEPT_OUT);
          return [namespace, await makeUnlessThere(namespace, data)] as const;
        }),
      );
      const theirs = made.flatMap(([namespace, secret]) => (secret === undefined ? [] : namespace));
      console.log(`      the tenant was first in ${theirs.length} of ${ROUNDS} namespaces`);
      await eventually('those of tenants are reported', async () => {
        const reported = (await failuresOf(credential)).map(({ namespace }) => namespace);
        expect(reported).to.deep.equal(theirs.sort().slice(0, 10));
      });
      await isReady(credential, 'True Synced');
      for (const [namespace, secret] of made)
        if (secret === undefined) await isServed(namespace, LOGINS);
        else {
          expect(await secretIn(namespace)).to.deep.equal(secret);
          await eventually('nothing points at it', () => isUnreferenced(namespace));
        }
    });
});
