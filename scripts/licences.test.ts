// Packages on a real disk, as npm lays them out: whose licence is told, and whose stops the build.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { licencesOf } from './licences.ts';

describe('the licences of what is bundled', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'regcred-licences-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  async function install(folder: string, license: unknown, files: Record<string, string> = {}) {
    const path = join(root, 'node_modules', folder);
    await mkdir(path, { recursive: true });
    const name = folder.split('node_modules/').at(-1);
    await writeFile(join(path, 'package.json'), JSON.stringify({ name, version: '1.2.3', license }));
    for (const [file, text] of Object.entries(files)) await writeFile(join(path, file), text);
    return `node_modules/${folder}/dist/index.js`;
  }

  const refused = async (...inputs: string[]): Promise<string> =>
    licencesOf(inputs, root).then(
      () => 'not refused',
      (error: Error) => error.message,
    );

  it('are told with name, version and every text, one package after the other', async () => {
    const inputs = [
      await install('b', 'Apache-2.0', { 'LICENSE.md': 'text of b\r\nin lines', NOTICE: 'made by b' }),
      await install('@scope/a', 'MIT', { licence: 'text of a', 'license.js': 'code', 'README.md': 'about' }),
      'src/main.ts',
      'slim:undici',
    ];
    const text = await licencesOf([...inputs, 'node_modules/b/dist/more/other.js'], root);
    const line = '='.repeat(80);
    expect(text.split(`${line}\n`).slice(1)).to.deep.equal([
      '@scope/a 1.2.3 (MIT)\n\n--- licence\n\ntext of a\n\n',
      'b 1.2.3 (Apache-2.0)\n\n--- LICENSE.md\n\ntext of b\nin lines\n\n--- NOTICE\n\nmade by b\n',
    ]);
  });

  it('are those of the inner package where one has another installed inside', async () => {
    const inner = await install('outer/node_modules/inner', 'ISC', { LICENSE: 'text of inner' });
    expect(await licencesOf([inner], root))
      .to.include('inner 1.2.3 (ISC)')
      .and.not.include('outer');
  });

  it('name a version that is installed twice once', async () => {
    const inputs = [await install('a', 'MIT'), await install('b/node_modules/a', 'MIT')];
    expect((await licencesOf(inputs, root)).split('a 1.2.3 (MIT)')).to.have.length(2);
  });

  it('are named where a package has a compatible one and no file of it', async () => {
    const text = await licencesOf([await install('bare', { type: 'BSD-3-Clause' })], root);
    expect(text).to.include('bare 1.2.3 (BSD-3-Clause)').and.include('its package.json says BSD-3-Clause.');
  });

  it('stop the build with all that are not compatible, and say what to do', async () => {
    const inputs = [
      await install('fine', 'MIT', { LICENSE: 'MIT' }),
      await install('silent', undefined, { LICENSE: 'nobody knows' }),
      await install('copyleft', 'AGPL-3.0-only', { LICENSE: 'AGPL' }),
    ];
    expect(await refused(...inputs)).to.equal(
      'the bundle would hold what may not be compatible with its own licence: copyleft 1.2.3 (AGPL-3.0-only), ' +
        'silent 1.2.3 (no licence in its package.json); do without it, or read the licence and, ' +
        'if it is compatible, add it to scripts/licences.ts',
    );
  });

  const expressions: Record<string, boolean> = {
    '(GPL-2.0-only OR MIT)': true,
    'MIT OR GPL-2.0-only': true,
    'MIT AND ISC': true,
    'MIT AND GPL-2.0-only': false,
    '(MIT OR ISC OR 0BSD) AND GPL-2.0-only': false,
    'SEE LICENSE IN LICENSE.md': false,
    UNLICENSED: false,
  };
  for (const [licence, taken] of Object.entries(expressions)) {
    it(`${taken ? 'take' : 'refuse'} ${licence}`, async () => {
      const message = await refused(await install('a', licence));
      expect(message).to.match(taken ? /^not refused$/ : /^the bundle would hold/);
    });
  }
});
