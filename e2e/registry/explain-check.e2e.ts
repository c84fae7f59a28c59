// kubectl regcred explain --check, from the bundle, with logins that the operator handed out, at a real registry.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { eventually } from '../api/eventually.ts';
import { operator } from '../api/operator.ts';
import { regcred } from '../api/regcred.ts';
import { basic, Scenario } from '../api/scenario.ts';
import { isServed, setSource } from '../api/served.ts';
import { findRegistry } from '../cluster/registry-program.ts';
import { Watchdog } from '../cluster/watchdog.ts';
import { imageOf } from '../node/image.ts';
import { ACCOUNTS } from '../node/own-registry.ts';
import { pushTo } from '../node/push.ts';
import { startRegistry } from './registry-process.ts';

/** On a new machine the registry is built first. */
const LONGEST_START = 20 * 60_000;

const { username, password, hash } = ACCOUNTS.first;

describe('kubectl regcred explain --check at a real registry', () => {
  let watchdog: Watchdog | undefined;
  let host: string;
  let story: Scenario;

  before(async function () {
    this.timeout(LONGEST_START);
    const found = await findRegistry(line => console.error(line));
    if ('why' in found) {
      Object.assign(this.test?.parent ?? {}, { skipReason: found.why });
      return this.skip();
    }
    await operator();
    watchdog = await Watchdog.start();
    const path = join(watchdog.folder, 'htpasswd');
    await writeFile(path, `${username}:${hash}\n`);
    const auth = { htpasswd: { realm: 'tests', path } };
    host = await startRegistry(found.path, watchdog, { name: 'explained', auth });
    const image = imageOf('an image that is explained', 'amd64');
    const account = { username, password };
    await pushTo({ url: `http://${host}`, account }, { repository: 'team/app', tag: 'v1', image });
  });
  after(() => watchdog?.stop());
  beforeEach(() => {
    story = new Scenario('explain-check');
  });
  afterEach(() => story.end());

  it('has the verdict of the registry, which changes with the login', async () => {
    const namespace = await story.namespace('a');
    const source = await story.basicSource('s', username, password);
    await story.credential('team', { registries: [basic(source, host)] });
    await isServed(namespace, { [host]: [username, password] });
    const explain = (image: string) => regcred(['explain', '-n', namespace, `${host}/${image}`, '--check']);
    const good = await explain('team/app:v1');
    expect(good.out).to.match(/^LoginFound: .* gives the image to a login that matches\n/);
    expect([good.err, good.code]).to.deep.equal(['', 0]);
    expect((await explain('team/app:v2')).out).to.match(/^ImageNotFound: /);

    await setSource(source, { password: 'opens-nothing' });
    await isServed(namespace, { [host]: [username, 'opens-nothing'] });
    await eventually('it is refused', async () => {
      const { out, err, code } = await explain('team/app:v1');
      expect(out).to.match(/^LoginRefused: .*\n {2}to mend it: kubectl -n regcred-system patch secret /);
      expect(out + err)
        .to.not.contain('opens-nothing')
        .and.not.contain(password);
      expect(code).to.equal(3);
    });
  });
});
