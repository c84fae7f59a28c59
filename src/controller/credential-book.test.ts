// What is remembered of a RegistryCredential beside its object, and the views for
// planning that are made from both.

import { expect } from 'chai';
import { FINALIZER } from '../api/names.ts';
import type { CredentialRecord } from '../core/credential-record.ts';
import { aRecord } from '../testing/situations.ts';
import { login } from '../testing/views.ts';
import { CredentialBook } from './credential-book.ts';
import { settle } from './last-known-good.ts';

const record = aRecord();
const states = record.spec.registries.map(spec =>
  settle(spec, { ok: true, entries: [login('r.io')], bad: [] }, { state: 'absent' }),
);
const viewOf = (book: CredentialBook, one: CredentialRecord) => book.views([one], () => true)[0];

describe('the book of RegistryCredentials', () => {
  it('has the material of the last fetch', () => {
    const book = new CredentialBook();
    const { material } = book.set(record, {
      registries: states,
      handledRefresh: undefined,
      isAwaitingFirst: false,
    });
    expect(book.get(record)).to.include({ uid: record.uid, generation: record.generation });
    expect(viewOf(book, record)?.material).to.equal(material);
  });

  it('knows nothing of a successor of the same name', () => {
    const book = new CredentialBook();
    book.set(record, { registries: states, handledRefresh: undefined, isAwaitingFirst: false });
    const successor = aRecord({ uid: 'another' });
    expect(book.get(successor)).to.equal(undefined);
    expect(viewOf(book, successor)?.material.registries).to.deep.equal([
      { state: 'unknown', keys: undefined },
    ]);
  });

  it('takes a Secret for possibly holding any login before the first fetch', () => {
    expect(viewOf(new CredentialBook(), record)?.material.registries).to.deep.equal([
      { state: 'unknown', keys: undefined },
    ]);
  });

  it('gives the views in the order of names, and leaves out what is not obeyed', () => {
    const records = ['b', 'c', 'a'].map(name => aRecord({ name }));
    const views = new CredentialBook().views(records, ({ name }) => name !== 'c');
    expect(views.map(({ name }) => name)).to.deep.equal(['a', 'b']);
  });

  it('makes them once, until something changes', () => {
    const book = new CredentialBook();
    const views = () => book.views([record], () => true);
    const first = views();
    expect(views()).to.equal(first);
    for (const change of [
      () => book.set(record, { registries: states, handledRefresh: undefined, isAwaitingFirst: false }),
      () => book.invalidate(),
      () => book.delete('team'),
    ]) {
      const before = views();
      change();
      expect(views()).not.to.equal(before);
    }
  });

  const suspended = { ...record.spec, suspend: true };
  const phases: Record<string, [Partial<CredentialRecord>, phase: string]> = {
    'one is active': [{ finalizers: [FINALIZER] }, 'active'],
    'one that has no finalizer yet is as if suspended': [{}, 'suspended'],
    'a suspended one is suspended': [{ spec: suspended, finalizers: [FINALIZER] }, 'suspended'],
    'deletion beats suspension': [{ spec: suspended, deleted: true }, 'deleted'],
  };
  for (const [sentence, [change, phase]] of Object.entries(phases))
    it(sentence, () => expect(viewOf(new CredentialBook(), aRecord(change))?.phase).to.equal(phase));

  it('remembers that an undo has begun, by object and not by name', () => {
    const book = new CredentialBook();
    book.beginUndo(record);
    expect(book.isUndoing(record)).to.equal(true);
    expect(book.isUndoing(aRecord({ uid: 'another' }))).to.equal(false);
  });
});
