// Logins that wait for what their registries say, and those to which they say no.

import { expect } from 'chai';
import { CREDENTIALS_ANNOTATION } from '../api/names.ts';
import { aBasicSecret, aCredential, aDockerConfigSecret, aNamespace } from '../testing/builders.ts';
import { accepted, away, denied, rejected } from '../testing/scripted-registry.ts';
import { VerificationRig } from '../testing/verification-rig.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('the verification of logins by Enforce', () => {
  let rig: VerificationRig;

  beforeEach(() => {
    rig = new VerificationRig();
  });
  afterEach(() => rig.stop());

  it('gives a good login out when its registry has said so, and not before', async () => {
    rig.registry.says.old = 'nothing yet';
    rig.given({ mode: 'Enforce' });
    await rig.start();
    expect([rig.logins('apps'), rig.pullSecrets('apps')]).to.deep.equal([undefined, []]);
    expect(rig.told('team')).to.equal('False Progressing 0/1');
    rig.registry.answer('old', accepted);
    await rig.settle();
    expect([rig.logins('apps'), rig.told('team')]).to.deep.equal(['r.io=old', 'True Synced 1/1']);
  });

  it('keeps a login that is rejected back, the last one stays, and a correction heals it', async () => {
    rig.registry.says.wrong = rejected;
    rig.given({ mode: 'Enforce' });
    await rig.start();
    const { uid } = rig.server.get('secrets', 'apps', 'regcred')?.metadata ?? {};
    const events = await rig.eventsDuring(() => rig.change('wrong'));
    expect(events.map(event => event.split(' ')[0])).to.deep.equal(['LastKnownGoodServed', 'LoginRejected']);
    expect([rig.logins('apps'), rig.told('team')]).to.deep.equal(['r.io=old', 'True Synced 1/1']);
    expect(rig.condition('SourceFailing')).to.equal(
      'True LastKnownGoodServed: registries[0]: r.io rejects the login (401): correct it; the last known good login stays in use',
    );
    expect(rig.condition('Verified')).to.match(/^False LoginRejected: .*; it is not handed out$/);
    rig.server.given(aNamespace('late').optedIn());
    await rig.settle();
    expect(rig.logins('late')).to.equal('r.io=old');
    await rig.change('new');
    expect([rig.logins('apps'), rig.condition('SourceFailing')]).to.deep.equal(['r.io=new', undefined]);
    expect(rig.condition('Verified')).to.match(/^True /);
    expect(rig.server.get('secrets', 'apps', 'regcred')?.metadata.uid).to.equal(uid);
  });

  it('says of a first login that is rejected that there is none', async () => {
    rig.registry.says.old = rejected;
    rig.given({ mode: 'Enforce' });
    await rig.start();
    expect([rig.logins('apps'), rig.told('team')]).to.deep.equal([undefined, 'False SourceFailed 0/1']);
    rig.registry.says.old = accepted;
    await rig.settle(HOUR);
    expect([rig.logins('apps'), rig.told('team')]).to.deep.equal(['r.io=old', 'True Synced 1/1']);
  });

  it('keeps back a login that does not get the image, and gives one out whose image is not there', async () => {
    rig.registry.says.wrong = denied;
    rig.given({ mode: 'Enforce', image: 'r.io/team/app:v1' });
    await rig.start();
    expect(rig.registry.logins[0]?.image).to.include({ host: 'r.io', path: 'team/app', tag: 'v1' });
    await rig.change('wrong');
    expect(rig.logins('apps')).to.equal('r.io=old');
    expect(rig.condition('Verified')).to.match(/^False PullDenied/);
    rig.registry.says.missing = { outcome: 'denied', reason: 'ImageNotFound', message: 'r.io has no image' };
    await rig.change('missing');
    expect([rig.logins('apps'), rig.condition('SourceFailing')]).to.deep.equal(['r.io=missing', undefined]);
    expect(rig.condition('Verified')).to.match(/^False ImageNotFound/);
  });

  it('tries all logins where none is for the image, and says that besides', async () => {
    rig.registry.says.wrong = rejected;
    rig.given({ mode: 'Enforce', image: 'typo.io/app:v1' });
    await rig.start();
    expect([rig.logins('apps'), rig.reason()]).to.deep.equal(['r.io=old', 'Unknown ImageUnusable']);
    expect(rig.condition('Verified')).to.contain('name an image that one of them is for');
    await rig.change('wrong');
    expect([rig.logins('apps'), rig.reason()]).to.deep.equal(['r.io=old', 'False LoginRejected']);
    const writes = await rig.writesDuring(() => rig.restart());
    expect(writes).to.deep.equal([]);
  });

  it('says nothing of the image while the login that it needs is yet to come', async () => {
    rig.registry.says.wrong = rejected;
    rig.server.given(
      aCredential('team')
        .withBasic('r.io', 'login')
        .withBasic('b.io', 'other')
        .verifying({ mode: 'Enforce', image: 'b.io/app:v1' }),
    );
    await rig.start();
    expect([rig.logins('apps'), rig.line()]).to.deep.equal(['r.io=old', 'True LoginAccepted']);
    await rig.change('wrong');
    expect([rig.logins('apps'), rig.line()]).to.deep.equal(['r.io=old', 'False LoginRejected']);
    rig.server.given(aBasicSecret('other', 'robot', 'good'));
    await rig.settle();
    expect(rig.logins('apps')).to.equal('b.io=good r.io=old');
    expect([rig.line(1), rig.registry.logins.at(-1)?.image?.path]).to.deep.equal([
      'True LoginAccepted',
      'app',
    ]);
  });

  it('gives a login out that cannot be tried, and waits for nobody longer than a minute', async () => {
    rig.registry.says = { unsure: away, slow: 'nothing yet' };
    rig.given({ mode: 'Enforce' });
    await rig.start();
    await rig.change('unsure');
    expect([rig.logins('apps'), rig.reason()]).to.deep.equal(['r.io=unsure', 'Unknown Unreachable']);
    rig.newPassword('slow');
    await rig.settle(MINUTE - 1_000);
    expect(rig.logins('apps')).to.equal('r.io=unsure');
    await rig.settle(4_000);
    expect(rig.logins('apps')).to.equal('r.io=slow');
  });

  it('never takes away what is given out, whatever the registry says later', async () => {
    rig.given({ mode: 'Enforce' });
    await rig.start();
    rig.registry.says.old = rejected;
    await rig.settle(2 * DAY);
    expect(rig.condition('Verified')).to.match(/^False LoginRejected/);
    expect([rig.logins('apps'), rig.condition('SourceFailing')]).to.deep.equal(['r.io=old', undefined]);
    await rig.restart();
    await rig.settle();
    expect([rig.logins('apps'), rig.condition('SourceFailing')]).to.deep.equal(['r.io=old', undefined]);
  });

  it('lets the others of a RegistryCredential go on', async () => {
    rig.registry.says = { wrong: rejected, slow: 'nothing yet' };
    rig.server.given(
      aDockerConfigSecret('config').withLogin('a.io', 'u', 'a').withLogin('b.io', 'u', 'wrong'),
    );
    rig.server.given(aBasicSecret('hostile', 'u', 'slow'));
    rig.server.given(
      aCredential('team')
        .withBasic('r.io', 'login')
        .withDockerConfig('config')
        .withBasic('c.io', 'hostile')
        .verifying({ mode: 'Enforce' }),
    );
    await rig.start();
    expect(rig.logins('apps')).to.equal('a.io=a r.io=old');
    rig.registry.answer('slow', accepted);
    await rig.settle();
    expect(rig.logins('apps')).to.equal('a.io=a c.io=slow r.io=old');
    expect([rig.line(0), rig.line(1), rig.line(2)]).to.deep.equal([
      'True LoginAccepted',
      'False LoginRejected',
      'True LoginAccepted',
    ]);
    expect(rig.condition('SourceFailing')).to.match(
      /^True EntryLeftOut: registries\[1\]: b.io: r.io rejects/,
    );
  });

  it('takes away what went from the spec when the login in its place is rejected, before a restart as after it', async () => {
    rig.given({ mode: 'Enforce' });
    await rig.start();
    rig.server.given(aBasicSecret('other', 'robot', 'slow'));
    rig.registry.says.slow = 'nothing yet';
    await rig.set({ registries: [{ server: 'new.io', basic: { secretRef: { name: 'other' } } }] });
    expect(rig.logins('apps')).to.equal('r.io=old');
    rig.registry.answer('slow', rejected);
    await rig.settle();
    expect([rig.logins('apps'), rig.pullSecrets('apps')]).to.deep.equal([undefined, []]);
    expect(rig.told('team')).to.equal('False SourceFailed 0/1');
    expect(await rig.writesDuring(() => rig.restart())).to.deep.equal([]);
  });

  it('does not give the place of a login that waits to a later one for the same server', async () => {
    rig.registry.says.slow = 'nothing yet';
    rig.server.given(aBasicSecret('first', 'robot', 'slow'));
    rig.server.given(
      aCredential('team')
        .withBasic('r.io', 'first')
        .withBasic('r.io', 'login')
        .verifying({ mode: 'Enforce' }),
    );
    rig.server.given(aCredential('zone').withBasic('r.io', 'login'));
    await rig.start();
    const { uid } = rig.server.get('secrets', 'apps', 'regcred')?.metadata ?? {};
    const owners = () =>
      rig.server.get('secrets', 'apps', 'regcred')?.metadata.annotations?.[CREDENTIALS_ANNOTATION];
    expect([rig.logins('apps'), owners()]).to.deep.equal(['r.io=old', 'zone']);
    rig.registry.answer('slow', accepted);
    const writes = await rig.writesDuring(() => rig.settle());
    expect(writes.filter(write => write.includes('/apps/secrets/'))).to.have.length(1);
    expect([rig.logins('apps'), owners()]).to.deep.equal(['r.io=slow', 'team,zone']);
    expect(rig.server.get('secrets', 'apps', 'regcred')?.metadata.uid).to.equal(uid);
  });

  it('lets go what it kept back when it is turned off', async () => {
    rig.registry.says.wrong = rejected;
    rig.given({ mode: 'Enforce' });
    await rig.start();
    await rig.change('wrong');
    await rig.set({ verification: { mode: 'Report' } });
    expect([rig.logins('apps'), rig.condition('SourceFailing')]).to.deep.equal(['r.io=wrong', undefined]);
  });

  it('tries what came while it was suspended before it gives that out', async () => {
    rig.registry.says.wrong = rejected;
    rig.given({ mode: 'Enforce' });
    await rig.start();
    await rig.set({ suspend: true });
    await rig.change('wrong');
    await rig.settle(DAY + 3 * HOUR);
    expect(rig.registry.asked).to.deep.equal(['old']);
    await rig.set({ suspend: false });
    expect([rig.registry.asked, rig.logins('apps')]).to.deep.equal([['old', 'wrong'], 'r.io=old']);
  });

  it('takes away no Secret while the login of another registry, which takes its place, waits', async () => {
    rig.given({ mode: 'Enforce' });
    await rig.start();
    const { uid } = rig.server.get('secrets', 'apps', 'regcred')?.metadata ?? {};
    rig.server.given(aBasicSecret('other', 'robot', 'slow'));
    rig.registry.says.slow = 'nothing yet';
    await rig.set({ registries: [{ server: 'new.io', basic: { secretRef: { name: 'other' } } }] });
    expect([rig.logins('apps'), rig.pullSecrets('apps')]).to.deep.equal(['r.io=old', ['regcred']]);
    expect(rig.told('team')).to.equal('False Progressing 1/1');
    rig.registry.answer('slow', accepted);
    await rig.settle();
    expect([rig.logins('apps'), rig.told('team')]).to.deep.equal(['new.io=slow', 'True Synced 1/1']);
    expect(rig.server.get('secrets', 'apps', 'regcred')?.metadata.uid).to.equal(uid);
  });
});
