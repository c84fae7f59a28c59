// Whether a change has reached every namespace that it concerns: only runs that
// began after the change count.

import { expect } from 'chai';
import { Rollouts } from './rollouts.ts';

const always = (): boolean => true;

describe('a roll-out', () => {
  it('is over when each of its namespaces was reconciled after the change', () => {
    const rollouts = new Rollouts();
    rollouts.begin('team', ['a', 'b']);
    expect(rollouts.settle('a', rollouts.turn(), always)).to.deep.equal([]);
    expect(rollouts.pendingNamespaces('team')).to.equal(1);
    expect(rollouts.settle('b', rollouts.turn(), always)).to.deep.equal(['team']);
    expect(rollouts.isPending('team')).to.equal(false);
  });

  it('is not advanced by a run that began before the change', () => {
    const rollouts = new Rollouts();
    const turn = rollouts.turn();
    rollouts.begin('team', ['a']);
    expect(rollouts.settle('a', turn, always)).to.deep.equal([]);
    expect(rollouts.isPending('team')).to.equal(true);
  });

  it('of no namespace is over at once', () => {
    const rollouts = new Rollouts();
    rollouts.begin('team', []);
    expect(rollouts.isPending('team')).to.equal(false);
  });

  it('is joined by the next change, which asks its namespaces again', () => {
    const rollouts = new Rollouts();
    rollouts.begin('team', ['a', 'b']);
    const turn = rollouts.turn();
    rollouts.begin('team', ['b', 'c']);
    rollouts.settle('a', turn, always);
    rollouts.settle('b', turn, always);
    expect(rollouts.pendingNamespaces('team')).to.equal(2);
  });

  it('waits for a namespace that is not settled yet', () => {
    const rollouts = new Rollouts();
    rollouts.begin('team', ['a']);
    expect(rollouts.settle('a', rollouts.turn(), name => name !== 'team')).to.deep.equal([]);
    expect(rollouts.settle('a', rollouts.turn(), always)).to.deep.equal(['team']);
  });

  it('of one does not wait for that of another', () => {
    const rollouts = new Rollouts();
    rollouts.begin('one', ['a']);
    rollouts.begin('two', ['a', 'b']);
    expect(rollouts.settle('a', rollouts.turn(), always)).to.deep.equal(['one']);
  });

  it('remembers that a Secret had to be written, for those that are rolling out there', () => {
    const rollouts = new Rollouts();
    rollouts.begin('one', ['a']);
    rollouts.begin('two', ['b']);
    expect(rollouts.noteWrite('a', ['one', 'two', 'three'])).to.deep.equal(['one']);
    expect(rollouts.noteWrite('a', ['one']), 'that is no news').to.deep.equal([]);
    expect(['one', 'two', 'three'].map(name => rollouts.hasWritten(name))).to.deep.equal([
      true,
      false,
      false,
    ]);
    rollouts.forget('one');
    expect([rollouts.hasWritten('one'), rollouts.isPending('one')]).to.deep.equal([false, false]);
  });

  it('is counted once it is over and was written, until it is forgotten', () => {
    const rollouts = new Rollouts();
    rollouts.begin('team', ['a', 'b']);
    rollouts.noteWrite('a', ['team']);
    rollouts.settle('a', rollouts.turn(), always);
    expect(rollouts.completed('team'), 'under way').to.equal(0);
    rollouts.settle('b', rollouts.turn(), always);
    rollouts.begin('team', ['a']);
    rollouts.settle('a', rollouts.turn(), always);
    expect(rollouts.completed('team'), 'the second wrote nothing').to.equal(1);
    rollouts.forget('team');
    expect(rollouts.completed('team')).to.equal(0);
  });
});
