// Errors of kubectl end up in test logs and on the demo's screen: they must not carry a login.

import { expect } from 'chai';
import { kubectl, shown } from './kubectl.ts';

describe('kubectl', () => {
  it('is shown without what may be a credential', () => {
    const args = [
      'create',
      'secret',
      '--docker-password=hunter2',
      '--from-literal=a=hunter2',
      '--token=hunter2',
    ];
    expect(shown(args)).to.deep.equal([
      'create',
      'secret',
      '--docker-password=***',
      '--from-literal=***',
      '--token=***',
    ]);
  });

  it('fails with what it said and without the credential', async () => {
    const broken = { kubectl: 'ls', kubeconfig: '/dev/null' };
    const error = await kubectl(broken, ['--docker-password=hunter2']).catch((cause: Error) => cause);
    expect(String(error)).to.match(/could not run kubectl --docker-password=\*\*\*: /);
  });
});
