// The tables by which kubectl regcred explains a pull, put to the code of the kubelet itself.

import { expect } from 'chai';
import { parseImage } from '../../src/core/image-reference.ts';
import { IMAGES, NO_IMAGES } from '../../src/testing/image-rows.ts';
import { KEYRING } from '../../src/testing/keyring-rows.ts';
import { PULL_SECRETS } from '../../src/testing/pull-secret-rows.ts';
import { findKeyring, type Keyring, type KeyringLogin } from '../cluster/keyring-program.ts';

const NO_CONFIG = '{"auths":{}}';

const repositoryOf = (image: string): string => {
  const parsed = parseImage(image);
  return parsed.ok ? parsed.image.repository : expect.fail(parsed.message);
};

/** The key stands for the user too: it says which login was found. */
const configOf = (secret: number, keys: readonly string[]): string =>
  JSON.stringify({
    auths: Object.fromEntries(keys.map(key => [key, { username: `${secret + 1} ${key}`, password: 'fake' }])),
  });

const usersOf = (logins: readonly KeyringLogin[] = []): string[] =>
  logins.map(([username]) => username.toString());

describe('the kubelet agrees', () => {
  let ask: Keyring;
  before(async function () {
    this.timeout(5 * 60_000);
    const keyring = await findKeyring(line => console.error(line));
    if ('why' in keyring) {
      Object.assign(this.test?.parent ?? {}, { skipReason: keyring.why });
      return this.skip();
    }
    ask = keyring.ask;
  });

  it(`with ${IMAGES.length + NO_IMAGES.length} names of images`, async () => {
    const names = [...IMAGES.map(([name]) => name), ...NO_IMAGES];
    const [answer] = await ask([{ config: NO_CONFIG, names }]);
    const expected = [
      ...IMAGES.map(([, repository, ending]) => repository + ending),
      ...NO_IMAGES.map(() => ''),
    ];
    expect(answer?.full).to.deep.equal(expected);
  });

  it(`with ${KEYRING.length} rows of logins and images`, async () => {
    const answers = await ask(
      KEYRING.map(([, image, secrets]) => {
        const [config = NO_CONFIG, ...more] = secrets.map((keys, index) => configOf(index, keys));
        return { config, more, images: [repositoryOf(image)] };
      }),
    );
    for (const [index, [title, , , tried]] of KEYRING.entries())
      expect(usersOf(answers[index]?.found[0]), title).to.deep.equal(tried);
  });

  const usual = PULL_SECRETS.filter(
    ([, { type, key }]) => type === 'kubernetes.io/dockerconfigjson' && key === '.dockerconfigjson',
  );
  it(`with ${usual.length} docker configs, also those that break the keyring`, async () => {
    const answers = await ask(
      usual.map(([, { text = '' }]) => ({ config: text, images: ['r.example/app'] })),
    );
    for (const [index, [title, , users]] of usual.entries()) {
      const answer = answers[index];
      const found = usersOf(answer?.found[0]);
      expect(answer === undefined ? 'broken' : found.length === 0 ? 'nobody' : found.join(), title).to.equal(
        users,
      );
    }
  });
});
