// What is tested and measured here must be what the image runs.

import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { NODE_ENVIRONMENT, NODE_FLAGS } from './operator-process.ts';

describe('the operator as a process', () => {
  let dockerfile: string;
  before(async () => {
    dockerfile = await readFile(new URL('../../Dockerfile', import.meta.url), 'utf8');
  });

  it('has the flags of the image', () => {
    const entrypoint: unknown = JSON.parse(/^ENTRYPOINT (.+)$/m.exec(dockerfile)?.[1] ?? '[]');
    expect(entrypoint).to.deep.equal(['node', ...NODE_FLAGS, '/operator.js']);
  });

  it('has the environment of the image', () => {
    const set = [...dockerfile.matchAll(/^ENV (.+)$/gm)].flatMap(([, pairs = '']) => pairs.split(' '));
    const expected = Object.entries(NODE_ENVIRONMENT).map(([name, value]) => `${name}=${value}`);
    expect(set.filter(pair => !pair.startsWith('PATH='))).to.have.members(expected);
  });
});
