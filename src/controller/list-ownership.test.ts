// Whose the list imagePullSecrets is, and to whom it goes back: managedFields before and after.

import { expect } from 'chai';
import { FIELD_MANAGER, PULL_SECRETS_ANNOTATION } from '../api/names.ts';
import type { FieldOwner } from '../core/records.ts';
import type { ManagedFieldsEntry, ObjectMeta } from '../kube/kube-client.ts';
import { handedBack, ownershipOf } from './list-ownership.ts';

const TIME = '2026-01-01T00:00:00Z';
const LIST = { 'f:imagePullSecrets': {} };
const ANNOTATION = { 'f:metadata': { 'f:annotations': { [`f:${PULL_SECRETS_ANNOTATION}`]: {} } } };
const FIRST_ANNOTATION = {
  'f:metadata': { 'f:annotations': { '.': {}, [`f:${PULL_SECRETS_ANNOTATION}`]: {} } },
};
const TOKEN = { 'f:automountServiceAccountToken': {} };

const entry = (manager: string, operation: string, fieldsV1: object): ManagedFieldsEntry => ({
  manager,
  operation,
  apiVersion: 'v1',
  time: TIME,
  fieldsType: 'FieldsV1',
  fieldsV1: { ...fieldsV1 },
});
const helm = (...fields: object[]) => entry('helm', 'Apply', Object.assign({}, ...fields));
const edit = (...fields: object[]) => entry('kubectl-edit', 'Update', Object.assign({}, ...fields));
const ours = (...fields: object[]) => entry(FIELD_MANAGER, 'Update', Object.assign({}, ...fields));
const HELM: FieldOwner = { manager: 'helm', operation: 'Apply', apiVersion: 'v1', subresource: undefined };
const EDIT: FieldOwner = { ...HELM, manager: 'kubectl-edit', operation: 'Update' };

const metadata = (isMarked: boolean, ...managedFields: ManagedFieldsEntry[]): ObjectMeta => ({
  name: 'app',
  uid: 'u',
  resourceVersion: '1',
  ...(isMarked && { annotations: { [PULL_SECRETS_ANNOTATION]: 'regcred' } }),
  ...(managedFields.length > 0 && { managedFields }),
});

interface Case {
  readonly marked: boolean;
  readonly fields: ManagedFieldsEntry[];
  readonly owners?: FieldOwner[];
  /** Undefined: all is well. */
  readonly back?: object[];
}

const CASES: Record<string, Case> = {
  'a list that we took from its only owner goes back to him': {
    marked: true,
    fields: [ours(LIST, FIRST_ANNOTATION)],
    owners: [HELM],
    back: [helm(LIST), ours(ANNOTATION)],
  },
  'an owner who owns more keeps that, and its time': {
    marked: true,
    fields: [helm(TOKEN), ours(LIST, ANNOTATION)],
    owners: [HELM],
    back: [helm(TOKEN, LIST), ours(ANNOTATION)],
  },
  'each of several owners gets it back': {
    marked: true,
    fields: [helm(TOKEN), ours(LIST, ANNOTATION)],
    owners: [EDIT, HELM],
    back: [helm(TOKEN, LIST), edit(LIST), ours(ANNOTATION)],
  },
  'a list of nobody is left to nobody': {
    marked: true,
    fields: [edit(TOKEN), ours(LIST, ANNOTATION)],
    back: [edit(TOKEN), ours(ANNOTATION)],
  },
  'a list that somebody took meanwhile stays his': {
    marked: true,
    fields: [edit(LIST), ours(FIRST_ANNOTATION)],
    owners: [HELM],
    back: [edit(LIST), ours(ANNOTATION)],
  },
  'where nobody owns anything the annotation is ours': {
    marked: true,
    fields: [],
    back: [
      {
        manager: FIELD_MANAGER,
        operation: 'Update',
        apiVersion: 'v1',
        fieldsType: 'FieldsV1',
        fieldsV1: ANNOTATION,
      },
    ],
  },
  'an annotation that somebody else applied stays his': {
    marked: true,
    fields: [helm(ANNOTATION), ours(LIST)],
    back: [helm(ANNOTATION)],
  },
  'after undo the owner has his list, and we have nothing': {
    marked: false,
    fields: [ours(LIST)],
    owners: [HELM],
    back: [helm(LIST)],
  },
  'after undo nothing is left of us in a map that others use': {
    marked: false,
    fields: [edit(TOKEN), ours({ 'f:metadata': { 'f:annotations': { '.': {} } } })],
    back: [edit(TOKEN)],
  },
  'after undo no claim is left to an annotation that a policy took away': {
    marked: false,
    fields: [helm(LIST), ours(ANNOTATION)],
    back: [helm(LIST)],
  },
  'after undo nobody owns what nobody owned': { marked: false, fields: [ours(LIST)], back: [{}] },
  'our annotation alone is in the way of nobody': { marked: true, fields: [helm(LIST), ours(ANNOTATION)] },
  'a file of somebody with our annotation is his affair': { marked: true, fields: [helm(LIST, ANNOTATION)] },
  'what we never touched is well': { marked: false, fields: [helm(LIST)] },
  'a bare ServiceAccount is well': { marked: false, fields: [] },
};

describe('the ownership of a list', () => {
  for (const [title, { marked, fields, owners = [], back }] of Object.entries(CASES))
    it(title, () => {
      const before = metadata(marked, ...fields);
      const result = handedBack(before, owners);
      expect(result).to.deep.equal(back);
      expect(ownershipOf(before).isInTheWay).to.equal(back !== undefined);
      if (result === undefined) return;
      // The API server takes the one empty entry for none.
      const after = metadata(marked, ...result.filter(({ manager }) => manager !== undefined));
      expect(handedBack(after, owners), 'handed back twice').to.equal(undefined);
    });

  it('is told without us', () => {
    expect(ownershipOf(metadata(true, helm(LIST), edit(TOKEN), ours(LIST))).owners).to.deep.equal([HELM]);
    expect(ownershipOf(metadata(true, helm(TOKEN), edit(LIST))).owners).to.deep.equal([EDIT]);
  });
});
