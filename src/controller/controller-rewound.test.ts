// etcd was restored to an older state. What is known of one kind and of another may then be of two pasts.

import { expect } from 'chai';
import { aCredential, aNamespace } from '../testing/builders.ts';
import { OperatorRig } from '../testing/operator-rig.ts';
import { NAMESPACES_PATH } from './paths.ts';

describe('the operator of a cluster that was restored', () => {
  let rig: OperatorRig;

  beforeEach(async () => {
    rig = new OperatorRig();
    rig.server.given(aNamespace('apps').optedIn(), aCredential('team').withBasic('r.io', 'login'));
    await rig.start();
  });
  afterEach(() => rig.stop());

  /** One reflector finds out, when its watch ends before its time. */
  async function restore(): Promise<string[]> {
    const listed: string[] = [];
    rig.server.after = ({ method, query }, { body }) => {
      if (method !== 'GET' || query?.limit !== '1') return;
      Object.assign((body as { metadata: object }).metadata, { resourceVersion: '1' });
      rig.server.after = undefined;
    };
    rig.server.beforeWatch = ({ path, query }) => {
      if (query.sendInitialEvents === 'true') listed.push(path);
    };
    rig.server.endWatches();
    await rig.settle();
    return listed;
  }

  it('lists everything anew when one watch finds out, and writes nothing', async () => {
    let listed: string[] = [];
    const writes = await rig.writesDuring(async () => {
      listed = await restore();
    });
    expect([listed.length, new Set(listed).size]).to.deep.equal([6, 5]);
    expect(writes).to.deep.equal([]);
    expect(rig.log.join('\n')).to.contain('warn etcd was restored to an older state: beginning anew');
    expect(rig.log.join('\n')).not.to.contain('aborted');
  });

  it('goes on with what comes afterwards', async () => {
    await restore();
    rig.newPassword('new');
    rig.server.given(aNamespace('late').optedIn());
    await rig.settle();
    expect([rig.logins('apps'), rig.logins('late')]).to.deep.equal(['r.io=new', 'r.io=new']);
    expect(rig.told('team')).to.equal('True Synced 2/2');
  });

  it('believes what is older in a list, though etcd has gone further by then than that kind ever was', async () => {
    await rig.stop();
    rig = new OperatorRig();
    rig.server.given(aNamespace('apps').optedIn(), aCredential('team').withBasic('r.io', 'login'));
    const { client } = rig;
    let isRestored = false;
    rig.client = {
      request: request => client.request(request),
      watch: async function* (request) {
        for await (const event of client.watch(request)) {
          const { metadata } = event.object;
          const isLost = isRestored && request.path === NAMESPACES_PATH && metadata.name === 'apps';
          const older = { ...metadata, labels: {}, resourceVersion: '1' };
          yield isLost ? { ...event, object: { ...event.object, metadata: older } } : event;
        }
      },
    };
    await rig.start();
    expect(rig.logins('apps')).to.equal('r.io=old');
    isRestored = true;
    await restore();
    expect(rig.logins('apps')).to.equal(undefined);
  });
});
