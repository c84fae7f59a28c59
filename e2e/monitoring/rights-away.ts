// Rights that the operator has lost for a while, as when somebody deletes a binding.

import { expect } from 'chai';
import { OPERATOR_USER } from '../../src/testing/policies/policies.ts';
import { create, find, read, remove } from '../api/admin.ts';
import { eventually } from '../api/eventually.ts';

const REVIEWS = '/apis/authorization.k8s.io/v1/subjectaccessreviews';

/** Takes an object away for the time of `work`, which may bring it back. */
export async function without(collection: string, name: string, work: () => Promise<void>): Promise<void> {
  const path = `${collection}/${name}`;
  const { metadata, ...rest } = await read(path);
  await remove(path);
  try {
    await work();
  } finally {
    if ((await find(path)) === undefined)
      await create(collection, { metadata: { name, labels: metadata.labels }, ...rest });
  }
}

/** Resolves once the API server knows that the operator has lost its rights. */
export async function mayNotList(): Promise<void> {
  const resourceAttributes = { resource: 'serviceaccounts', verb: 'list' };
  await eventually('the operator may not list ServiceAccounts', async () => {
    const { status } = await create(REVIEWS, { spec: { user: OPERATOR_USER, resourceAttributes } });
    expect(status.allowed).to.equal(false);
  });
}
