// What happens to RegistryCredentials before the operator is uninstalled, and when nothing may happen to them.

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { FINALIZER } from './api/names.ts';
import { credentialPath } from './controller/paths.ts';
import { ApiError, TransportError } from './kube/errors.ts';
import { aCredential } from './testing/builders.ts';
import { condition, LEASE_KEY, NOTHING_DONE, UndoRig } from './testing/undo-rig.ts';

const REFUSED = new ApiError(403, 'Forbidden', 'regcred-undo cannot list resource "registrycredentials"');

describe('what runs before the operator is uninstalled', () => {
  it('deletes every RegistryCredential and ends when the last one is undone', async () => {
    const rig = new UndoRig('a', 'b', 'c');
    expect(await rig.ends()).to.equal('undone');
    expect(rig.left).to.deep.equal([]);
    expect(rig.lines.at(0)).to.equal('being undone: a, b, c');
    expect(rig.lines.at(-1)).to.match(/^everything is undone/);
  });

  it('asks for nothing more where there is none, not even for an operator', async () => {
    const rig = new UndoRig();
    rig.renewals = 0;
    expect(await rig.ends()).to.equal('undone');
    expect(rig.clock.monotonic()).to.be.at.most(1_000);
  });

  it('is content where there is no CRD', async () => {
    const rig = new UndoRig();
    rig.server.before = () => {
      throw new ApiError(404, '', '404 page not found');
    };
    expect(await rig.ends()).to.equal('undone');
  });

  it('deletes nothing while no operator renews the Lease, and says how to go on', async () => {
    const rig = new UndoRig('a', 'b');
    rig.renewals = 0;
    expect(await rig.ends())
      .to.match(/no operator is at work/)
      .and.match(/Nothing was deleted/)
      .and.match(/--no-hooks/)
      .and.match(/untouched: a, b/);
    expect([rig.left, rig.marked]).to.deep.equal([['a', 'b'], []]);
  });

  it('takes a Lease that nobody holds for no sign of life', async () => {
    const rig = new UndoRig('a');
    rig.renewals = 0;
    rig.server.delete('leases', LEASE_KEY);
    expect(await rig.ends()).to.match(/no operator is at work/);
    expect(rig.marked).to.deep.equal([]);
  });

  it('deletes nothing where one has a Secret name that is not served, for what that gave would stay', async () => {
    const rig = new UndoRig('a', 'b');
    rig.tell('b', { ...NOTHING_DONE, conditions: [condition('Stalled', 'SecretNameNotServed', 'no')] });
    expect(await rig.ends())
      .to.match(/Nothing was deleted/)
      .and.match(/secretNames/)
      .and.match(/These are: b\.$/);
    expect(rig.marked).to.deep.equal([]);
  });

  it('deletes nothing where one has a Secret name that it was not told of, whatever status still says', async () => {
    const rig = new UndoRig('a');
    rig.server.given(aCredential('b').withDockerConfig('source').into('old').finalizedBy(FINALIZER));
    rig.tell('b', { ...NOTHING_DONE, conditions: [condition('Ready', 'Synced', 'of before')] });
    expect(await rig.ends(60_000, ['regcred', 'other']))
      .to.match(/Nothing was deleted/)
      .and.match(/These are: b\.$/);
    expect(rig.marked).to.deep.equal([]);
  });

  it('goes by the status where it was told of no Secret name', async () => {
    const rig = new UndoRig('a');
    rig.server.given(aCredential('b').withDockerConfig('source').into('old').finalizedBy(FINALIZER));
    expect(await rig.ends()).to.equal('undone');
    expect(rig.left).to.deep.equal([]);
  });

  it('names those that leave something on purpose', async () => {
    const rig = new UndoRig('a');
    rig.server.given(aCredential('o').withDockerConfig('source').orphaning().finalizedBy(FINALIZER));
    expect(await rig.ends()).to.equal('undone');
    expect(rig.lines.at(-1)).to.match(/^everything is undone, but for .*Orphan\): o: there is no/);
  });

  it('waits for no finalizer of others, but for the undo of those that have one, and names it', async () => {
    const rig = new UndoRig('a');
    const held = () =>
      aCredential('held').withDockerConfig('source').finalizedBy('a.example/hold', FINALIZER);
    rig.server.given(held());
    expect(await rig.ends()).to.equal('undone');
    expect([rig.left, rig.toUndo]).to.deep.equal([['held'], []]);
    expect(rig.lines.at(-1)).to.match(
      /^everything is undone: only finalizers of others \(a\.example\/hold\) keep the RegistryCredentials held,/,
    );
  });

  it('waits until the operator has said of what is kept that it is undone, for that stays to be read', async () => {
    const rig = new UndoRig();
    rig.server.given(aCredential('held').withDockerConfig('source').finalizedBy('a.example/hold'));
    let said = Number.NaN;
    rig.clock.setTimeout(() => {
      said = rig.clock.monotonic();
      rig.tellUndone('held');
    }, 8_500);
    expect(await rig.ends()).to.equal('undone');
    expect(rig.clock.monotonic() - said).to.be.within(0, 2_000);
  });

  it('needs no operator for what is kept and was said to be undone', async () => {
    const rig = new UndoRig();
    rig.renewals = 0;
    rig.server.given(aCredential('held').withDockerConfig('source').finalizedBy('a.example/hold'));
    rig.server.answer({ method: 'DELETE', path: credentialPath('held') }, 'somebody');
    rig.tellUndone('held');
    expect(await rig.ends()).to.equal('undone');
    // The rig goes on by a second at a time.
    expect(rig.clock.monotonic()).to.be.at.most(1_000);
  });

  it('does not believe that it is undone because our finalizer is off', async () => {
    const rig = new UndoRig();
    rig.renewals = 0;
    rig.server.given(aCredential('held').withDockerConfig('source').finalizedBy('a.example/hold'));
    rig.server.answer({ method: 'DELETE', path: credentialPath('held') }, 'somebody');
    expect(await rig.ends()).to.match(/^could not undo .*: no operator is at work.* held\.$/);
  });

  it('takes those with it that somebody makes meanwhile', async () => {
    const rig = new UndoRig('a');
    rig.server.after = ({ method }) => {
      if (method === 'DELETE' && !rig.left.includes('late'))
        rig.server.given(aCredential('late').withDockerConfig('source').finalizedBy(FINALIZER));
    };
    expect(await rig.ends()).to.equal('undone');
    expect(rig.left).to.deep.equal([]);
  });

  it('gives up in time, and names what is left and the namespaces that are in the way', async () => {
    const rig = new UndoRig('a', 'b');
    rig.undoes = false;
    const failures = [{ namespace: 'apps', reason: 'WriteFailed', message: 'a webhook refuses' }];
    rig.tell('a', {
      ...NOTHING_DONE,
      namespaces: { selected: 1, synced: 0, failed: 1, summary: '0/1' },
      failures,
    });
    expect(await rig.ends(30_000))
      .to.match(/could not undo in 30 s: a, b/)
      .and.match(/a in apps: a webhook refuses/);
    expect(rig.clock.monotonic()).to.be.within(30_000, 35_000);
  });

  it('bears an API server that refuses or is away for a moment', async () => {
    const rig = new UndoRig('a');
    let times = 0;
    rig.server.before = () => {
      times++;
      if (times % 3 !== 0)
        throw times % 2 === 0 ? REFUSED : new TransportError('could not GET: ECONNREFUSED');
    };
    expect(await rig.ends()).to.equal('undone');
  });

  it('says which one it may not delete, who says so, and how to go on', async () => {
    const rig = new UndoRig('a', 'b', 'c');
    rig.server.before = ({ method, path }) => {
      if (method === 'DELETE' && path === credentialPath('b'))
        throw new ApiError(422, 'Invalid', "ValidatingAdmissionPolicy 'keep' denied request: ask first");
    };
    expect(await rig.ends())
      .to.match(/^could not delete RegistryCredential b: .*'keep' denied request: ask first\. /)
      .and.match(/once it is allowed; or .*--no-hooks/);
    expect([rig.left, rig.marked]).to.deep.equal([['b', 'c'], []]);
  });

  it('fails with the words of an API server that goes on refusing', async () => {
    const rig = new UndoRig('a');
    rig.server.before = () => {
      throw REFUSED;
    };
    expect(await rig.ends()).to.equal(REFUSED);
    expect(rig.marked).to.deep.equal([]);
  });

  it('does not call it a prohibition that the API server cannot delete', async () => {
    const rig = new UndoRig('a');
    const away = new ApiError(503, 'ServiceUnavailable', 'etcdserver: request timed out');
    rig.server.before = ({ method }) => {
      if (method === 'DELETE') throw away;
    };
    expect(await rig.ends()).to.equal(away);
  });
});
