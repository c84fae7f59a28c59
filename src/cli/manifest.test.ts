// Files as people write them, and others.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { CommandError } from './failure.ts';
import { type Manifest, readManifest } from './manifest.ts';

const SPEC = 'spec: {registries: [{server: r.example, basic: {secretRef: {name: robot}}}]';
const credential = (name: string, more = ''): string =>
  `apiVersion: regcred.dev/v1alpha1\nkind: RegistryCredential\nmetadata: {name: ${name}}\n${SPEC}${more}}\n`;

describe('a manifest', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'manifest-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function read(text: string): Promise<Manifest> {
    const file = join(folder, 'file.yaml');
    await writeFile(file, text);
    return readManifest(file);
  }
  const refusal = async (text: string): Promise<unknown> =>
    read(text).then(
      () => 'it was read',
      error => (error instanceof CommandError ? error.message.replace(folder, '') : error),
    );

  it('has what is left out as the API server fills it in, and what is null is left out', async () => {
    for (const more of ['', ', secretName: null, namespaceSelector: null, deletionPolicy: null']) {
      const { drafts } = await read(credential('team', more));
      const { secretName, namespaceSelector, deletionPolicy } = drafts[0]?.spec ?? {};
      expect({ secretName, namespaceSelector, deletionPolicy }).to.deep.equal({
        secretName: 'regcred',
        namespaceSelector: { matchLabels: { 'regcred.dev/sync': 'true' } },
        deletionPolicy: 'Delete',
      });
    }
  });

  it('keeps of two with one name the last, as it would be applied', async () => {
    const { drafts, others } = await read(
      [credential('team'), credential('other'), 'kind: Secret\n', credential('team', ', suspend: true')].join(
        '---\n',
      ),
    );
    expect(drafts.map(({ name, spec }) => [name, spec.suspend])).to.deep.equal([
      ['team', true],
      ['other', undefined],
    ]);
    expect(others).to.equal(1);
  });

  it('is refused for a name that would lead elsewhere', async () => {
    for (const name of ["'..'", 'a/b', 'A', "''"])
      expect(await refusal(credential(name))).to.match(/has a metadata\.name that is none$/);
  });

  it('is refused for aliases that lead nowhere, or to too much', async () => {
    const levels = [...'bcdefgh'].map((one, at) => {
      const before = `*${'abcdefgh'[at]}`;
      return `${one}: &${one} [${Array(10).fill(before).join(', ')}]`;
    });
    for (const text of ['a: *nowhere\n', `a: &a [x]\n${levels.join('\n')}\n`])
      expect(await refusal(text)).to.contain('its aliases lead nowhere, or to too much');
  });
});
