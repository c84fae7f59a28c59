// The order of preference, and the advice to whoever has nothing, on machines that we do not have.

import { expect } from 'chai';
import { judgeGoVersion } from './go-toolchain.ts';
import { chooseWay, type Possibilities } from './way.ts';

const no = (why: string) => async () => ({ ok: false as const, why });
const NOTHING: Possibilities = {
  kubeconfig: undefined,
  assets: undefined,
  prefer: 'bare',
  isCached: async () => false,
  go: no('no go'),
  engine: no('no engine'),
};
const GO = { go: async () => ({ ok: true as const }) };
const KIND = { engine: async () => ({ ok: true as const, engine: 'podman' }) };
const CACHED = { isCached: async () => true };

const CASES: Record<string, [machine: Partial<Possibilities>, way: object]> = {
  'a kubeconfig that is named goes before all': [
    { kubeconfig: 'file', assets: 'folder', ...CACHED, ...GO, ...KIND },
    { way: 'existing', kubeconfig: 'file' },
  ],
  'a folder of programs that is named goes before what would be found': [
    { assets: 'folder', ...CACHED, ...KIND },
    { way: 'assets', folder: 'folder' },
  ],
  'an empty variable counts as unset': [{ kubeconfig: '', assets: '', ...GO }, { way: 'build' }],
  'the tests build rather than take kind': [{ ...GO, ...KIND }, { way: 'build' }],
  'the demo takes kind rather than build': [
    { ...GO, ...KIND, prefer: 'kind' },
    { way: 'kind', engine: 'podman' },
  ],
  'the demo takes what is built already rather than kind': [
    { ...CACHED, ...KIND, prefer: 'kind' },
    { way: 'cached' },
  ],
  'the tests take kind where nothing can be built': [KIND, { way: 'kind', engine: 'podman' }],
  'the demo builds where kind cannot run': [{ ...GO, prefer: 'kind' }, { way: 'build' }],
};

describe('the way to a cluster', () => {
  for (const [title, [machine, way]] of Object.entries(CASES)) {
    it(title, async () => {
      expect(await chooseWay({ ...NOTHING, ...machine })).to.deep.equal(way);
    });
  }

  it('is not there on a machine with nothing, and the error says why not and what to install', async () => {
    const error = await chooseWay(NOTHING).catch((cause: Error) => cause);
    for (const part of ['no go', 'no engine', 'Go 1.26', 'Docker or podman', '--kubeconfig FILE']) {
      expect(String(error)).to.contain(part);
    }
  });

  it('asks no container engine when Go will do', async () => {
    const engine = () => Promise.reject(new Error('asked'));
    expect(await chooseWay({ ...NOTHING, ...GO, engine })).to.deep.equal({ way: 'build' });
  });
});

describe('the version of Go', () => {
  for (const version of ['go1.26', 'go1.26.8', 'go1.27rc1', 'go2.0', 'devel go1.28-0123abc Thu']) {
    it(`${version} is new enough`, () => {
      expect(judgeGoVersion(version)).to.deep.equal({ ok: true });
    });
  }

  for (const version of ['go1.25.9', 'go1.9', 'go1.3.26']) {
    it(`${version} is too old, and the message says so`, () => {
      const why = `the go on the PATH is too old: ${version}`;
      expect(judgeGoVersion(version)).to.deep.equal({ ok: false, why });
    });
  }

  it('is not guessed from something else', () => {
    expect(judgeGoVersion('gccgo')).to.deep.equal({
      ok: false,
      why: 'the go on the PATH calls itself gccgo',
    });
  });
});
