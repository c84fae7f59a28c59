// Watch events and the answers to our own writes come in any order; what is stored
// must never go back to less than we know.

import { expect } from 'chai';
import { RecordStore } from './record-store.ts';

interface Thing {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

const thing = (resourceVersion: number, uid = 'first', name = 'a'): Thing => ({
  namespace: 'apps',
  name,
  uid,
  resourceVersion: String(resourceVersion),
});

function aStore() {
  const told: string[] = [];
  const version = (one: Thing | undefined): string => (one && `${one.uid}@${one.resourceVersion}`) || '-';
  const store = new RecordStore<Thing>((before, after) =>
    told.push(`${version(before)} > ${version(after)}`),
  );
  const stored = (name = 'a'): string => version(store.get('apps', name));
  return { store, told, stored };
}

describe('the record store', () => {
  it('takes what the watch brings, and tells of it', () => {
    const { store, told, stored } = aStore();
    store.upsert(thing(1));
    store.upsert(thing(2));
    store.remove(thing(3));
    expect(stored()).to.equal('-');
    expect(told).to.deep.equal(['- > first@1', 'first@1 > first@2', 'first@2 > -']);
  });

  it('takes the answer to a write, and tells nobody', () => {
    const { store, told, stored } = aStore();
    store.upsert(thing(1));
    store.observe(thing(5));
    expect(stored()).to.equal('first@5');
    expect(told).to.have.length(1);
  });

  it('takes a correction of the very state that it has, until the object changes, and tells nobody', () => {
    const { store, told, stored } = aStore();
    store.upsert(thing(2));
    const corrected = { ...thing(2) };
    store.correct(corrected);
    store.upsert(thing(2));
    expect(store.get('apps', 'a')).to.equal(corrected);
    store.upsert(thing(3));
    store.correct(corrected);
    expect(stored()).to.equal('first@3');
    expect(told).to.deep.equal(['- > first@2', 'first@2 > first@3']);
  });

  it('ignores the older echo of a write that it knows', () => {
    const { store, told, stored } = aStore();
    store.observe(thing(5));
    store.upsert(thing(4));
    store.upsert(thing(5));
    expect(stored()).to.equal('first@5');
    expect(told).to.deep.equal([]);
  });

  it('does not take the answer to a write that the watch has gone past', () => {
    const { store, stored } = aStore();
    store.upsert(thing(1));
    store.remove(thing(6));
    store.observe(thing(5));
    expect(stored()).to.equal('-');
  });

  it('does not take one that a bookmark has gone past', () => {
    const { store, stored } = aStore();
    store.bookmark('6');
    store.observe(thing(5));
    expect(stored()).to.equal('-');
  });

  it('keeps the successor of the same name through a late delete', () => {
    const { store, told, stored } = aStore();
    store.upsert(thing(1));
    store.observe(thing(7, 'second'));
    store.remove(thing(6));
    expect(stored()).to.equal('second@7');
    expect(told).to.have.length(1);
  });

  it('keeps the successor of the same name through a late change of its predecessor', () => {
    const { store, stored } = aStore();
    store.upsert(thing(1));
    store.observe(thing(7, 'second'));
    store.upsert(thing(5));
    expect(stored()).to.equal('second@7');
  });

  it('takes a successor in the place of its predecessor', () => {
    const { store, told, stored } = aStore();
    store.upsert(thing(1));
    store.upsert(thing(7, 'second'));
    expect(stored()).to.equal('second@7');
    expect(told.at(-1)).to.equal('first@1 > second@7');
  });

  it('forgets what we saw gone, tells nobody, and keeps a successor', () => {
    const { store, told, stored } = aStore();
    store.upsert(thing(1));
    store.forget(thing(1));
    expect([stored(), told.length]).to.deep.equal(['-', 1]);
    store.upsert(thing(7, 'second'));
    store.forget(thing(1));
    expect(stored()).to.equal('second@7');
  });

  it('finds by namespace, and leaves no empty one behind', () => {
    const { store } = aStore();
    store.upsert(thing(1));
    store.upsert(thing(2, 'other', 'b'));
    expect([...store.inNamespace('apps')].map(({ name }) => name)).to.deep.equal(['a', 'b']);
    expect([...store.inNamespace('web')]).to.deep.equal([]);
    store.remove(thing(3));
    store.remove(thing(4, 'other', 'b'));
    expect([...store.all()]).to.deep.equal([]);
  });
});

describe('the record store and a new list', () => {
  it('drops what is not in it, and tells of each difference', () => {
    const { store, told } = aStore();
    store.upsert(thing(1));
    store.upsert(thing(2, 'other', 'b'));
    store.replace([thing(2, 'other', 'b'), thing(3, 'third', 'c')], '4');
    expect([...store.all()].map(({ name }) => name)).to.deep.equal(['b', 'c']);
    expect(told.slice(2)).to.deep.equal(['first@1 > -', '- > third@3']);
  });

  it('keeps what we wrote after it was made', () => {
    const { store, stored } = aStore();
    store.replace([thing(1)], '3');
    store.observe(thing(5));
    store.observe(thing(6, 'other', 'b'));
    store.replace([thing(1)], '4');
    expect([stored('a'), stored('b')]).to.deep.equal(['first@5', 'other@6']);
    store.replace([thing(1)], '7');
    expect(stored('b')).to.equal('-');
  });

  it('believes it altogether when its version goes back, for then etcd was restored', () => {
    const { store, told, stored } = aStore();
    store.replace([thing(90), thing(91, 'other', 'b')], '100');
    store.observe(thing(110, 'third', 'c'));
    store.replace([thing(40)], '50');
    expect([stored('a'), stored('b'), stored('c')]).to.deep.equal(['first@40', '-', '-']);
    expect(told.slice(2)).to.deep.equal(['other@91 > -', 'third@110 > -', 'first@90 > first@40']);
    store.observe(thing(51));
    expect(stored()).to.equal('first@51');
  });

  it('believes it altogether after distrust, though etcd has gone further meanwhile than before', () => {
    const { store, told, stored } = aStore();
    store.replace([thing(98), thing(99, 'other', 'b')], '100');
    store.observe(thing(4980, 'third', 'c'));
    store.distrust();
    store.observe(thing(4990));
    store.replace([thing(60)], '120');
    expect([stored('a'), stored('b'), stored('c')]).to.deep.equal(['first@60', '-', '-']);
    expect(told.slice(2)).to.deep.equal(['other@99 > -', 'third@4980 > -', 'first@98 > first@60']);
    store.observe(thing(121));
    expect(stored()).to.equal('first@121');
  });
});
