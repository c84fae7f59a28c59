// What an admin can write on the command line and in the environment, and what is said when it is wrong.

import { expect } from 'chai';
import { type Config, parseConfig } from './config.ts';
import { FLAGS, type Flag } from './config-flags.ts';

type Env = Record<string, string>;

const parse = (line: string, env: Env = {}) =>
  parseConfig(line.split(' ').filter(Boolean), { POD_NAMESPACE: 'regcred-system', ...env }, '1.2.3');

function accepted(line: string, env: Env = {}): Config {
  const parsed = parse(line, env);
  if (!parsed.ok) throw new Error(`refused: ${parsed.message}`);
  return parsed.config;
}

describe('the configuration', () => {
  it('needs no flag in a pod', () => {
    expect(accepted('')).to.deep.equal({
      kubeconfig: undefined,
      namespace: 'regcred-system',
      secretNames: ['regcred'],
      leaderElect: true,
      metricsAddress: { host: undefined, port: 8080 },
      healthAddress: { host: undefined, port: 8081 },
      maxConcurrentWrites: 32,
      oauth: { endpoints: [], audiences: new Map() },
      nodeIdentity: new Set(),
      defaultVerification: 'Report',
      tokenServers: new Map(),
      logLevel: 'info',
      logFormat: 'json',
      undoTimeout: 240,
    });
  });

  const everything: Record<string, string> = {
    kubeconfig: '/etc/kubeconfig',
    namespace: 'ops',
    'secret-names': 'regcred,team.pull',
    'leader-elect': 'false',
    'metrics-address': '0',
    'health-address': '127.0.0.1:0',
    'max-concurrent-writes': '512',
    'oauth-token-endpoints': 'https://sts.example/token=quay,https://login.example/token',
    'oauth-audiences': 'quay=/tokens/quay',
    'node-identity': 'gar,acr',
    'default-verification': 'Off',
    'token-servers': 'r.io=auth.r.io,docker.io=*.mirror.example:8443,r.io=tokens.example',
    'log-level': 'debug',
    'log-format': 'text',
    'undo-timeout': '600',
  };
  const expected: Config = {
    kubeconfig: '/etc/kubeconfig',
    namespace: 'ops',
    secretNames: ['regcred', 'team.pull'],
    leaderElect: false,
    metricsAddress: undefined,
    healthAddress: { host: '127.0.0.1', port: 0 },
    maxConcurrentWrites: 512,
    oauth: {
      endpoints: [
        { url: 'https://sts.example/token', audience: 'quay' },
        { url: 'https://login.example/token', audience: undefined },
      ],
      audiences: new Map([['quay', '/tokens/quay']]),
    },
    nodeIdentity: new Set(['gar', 'acr']),
    defaultVerification: 'Off',
    tokenServers: new Map([
      ['r.io', ['auth.r.io', 'tokens.example']],
      ['docker.io', ['*.mirror.example:8443']],
    ]),
    logLevel: 'debug',
    logFormat: 'text',
    undoTimeout: 600,
  };

  it('takes every setting as a flag', () => {
    const line = FLAGS.map(({ name }) => `--${name} ${everything[name]}`).join(' ');
    expect(accepted(line)).to.deep.equal(expected);
    expect(accepted(line.replace(/(--[\w-]+) /g, '$1='))).to.deep.equal(expected);
  });

  it('takes every setting from the environment', () => {
    const env = Object.fromEntries(FLAGS.map(({ name, env }) => [env, everything[name] ?? '']));
    expect(accepted('', env)).to.deep.equal(expected);
  });

  it('tells undo-all, the one command, from the flags', () => {
    const parsed = parse('undo-all --undo-timeout 30');
    expect(parsed).to.include({ ok: true, command: 'undo-all' });
    expect(parsed.ok && parsed.config.undoTimeout).to.equal(30);
    expect(parse('')).to.include({ ok: true, command: 'operate' });
  });

  it('tells what was given from what is so by default', () => {
    const parsed = parse('undo-all --secret-names regcred', {
      REGCRED_UNDO_TIMEOUT: '30',
      REGCRED_LOG_LEVEL: '',
    });
    const given = parsed.ok ? [...parsed.given].sort() : [];
    expect(given).to.include.members(['secret-names', 'undo-timeout']).and.not.include('log-level');
  });

  it('prefers a flag to the environment, even to a bad one', () => {
    expect(accepted('--log-level warn', { REGCRED_LOG_LEVEL: 'loud' }).logLevel).to.equal('warn');
  });

  it('takes an empty variable as unset', () => {
    expect(accepted('', { REGCRED_LOG_LEVEL: '' }).logLevel).to.equal('info');
  });

  it('never looks at KUBECONFIG', () => {
    expect(accepted('', { KUBECONFIG: '/home/somebody/.kube/config' }).kubeconfig).to.equal(undefined);
  });

  it('lists every flag with its variable in --help, which needs nothing else', () => {
    const parsed = parseConfig(['--help'], {}, '1.2.3');
    if (parsed.ok) throw new Error('no help');
    expect(parsed.exitCode).to.equal(0);
    for (const { name, env } of FLAGS as readonly Flag[])
      expect(parsed.message).to.include(`--${name}`).and.include(env);
  });

  it('answers --version with the version', () => {
    expect(parse('--version')).to.deep.equal({ ok: false, message: '1.2.3', exitCode: 0 });
  });

  const refusals: Record<string, [line: string, env: Env, message: RegExp]> = {
    'a flag that does not exist': ['--lead', {}, /^unknown flag --lead; --help lists/],
    'a short flag': ['-n ops', {}, /^unknown flag -n;/],
    'an argument': ['serve', {}, /^unexpected argument at position 1/],
    'an argument after --': ['-- serve', {}, /^unexpected argument/],
    'a flag without its value': ['--namespace', {}, /^--namespace needs a value: write --namespace NAME$/],
    'a flag that would swallow the next one': [
      '--namespace --log-level debug',
      {},
      /^--namespace needs a value/,
    ],
    'an empty value': ['--secret-names=', {}, /^--secret-names needs a value/],
    'no namespace at all': ['', { POD_NAMESPACE: '' }, /give --namespace NAME or set POD_NAMESPACE/],
    'a namespace in capitals': ['--namespace Ops', {}, /^--namespace "Ops" is no namespace name; write/],
    'a Secret name in capitals': [
      '',
      { REGCRED_SECRET_NAMES: 'a,B' },
      /^REGCRED_SECRET_NAMES "B" is no Secret name; write/,
    ],
    'a trailing comma': ['--secret-names regcred,', {}, /^--secret-names "" is no Secret name/],
    'a Secret name of 254 characters': [`--secret-names ${'a'.repeat(254)}`, {}, /is no Secret name/],
    'a Secret name twice': ['--secret-names a,b,a', {}, /^--secret-names has a twice; write each name once$/],
    'seventeen Secret names': [
      `--secret-names ${[...'abcdefghijklmnopq'].join(',')}`,
      {},
      /has 17 names; write at most 16/,
    ],
    'a bare port': [
      '--metrics-address 8080',
      {},
      /^--metrics-address "8080" is no address; write \[HOST\]:PORT/,
    ],
    'a port that is none': ['--health-address :65536', {}, /is no address/],
    'one address for two servers': ['--metrics-address :8081', {}, /both :8081; give them different ports/],
    'no writes at all': [
      '--max-concurrent-writes 0',
      {},
      /^--max-concurrent-writes "0" is out of range; write a whole number from 1 to 512$/,
    ],
    'too many writes': ['--max-concurrent-writes 513', {}, /from 1 to 512/],
    'half a write': ['--max-concurrent-writes 1.5', {}, /whole number/],
    'a switch that says neither yes nor no': [
      '--leader-elect yes',
      {},
      /^--leader-elect "yes" is not known; write one of true, false$/,
    ],
    'the identity of the node for a source that cannot ask as it': [
      '--node-identity gar,ecr',
      {},
      /^--node-identity "gar,ecr" names a source that cannot; write gar or acr, separated by commas$/,
    ],
    'a mode of verification that does not exist': [
      '--default-verification report',
      {},
      /^--default-verification "report" is not known; write one of Off, Report, Enforce$/,
    ],
    'a token server without its registry': [
      '--token-servers auth.r.io',
      {},
      /^--token-servers "auth.r.io" is no list of token servers; write REGISTRY=HOST/,
    ],
    'a token server for every registry': ['--token-servers *=auth.r.io', {}, /is no list of token servers/],
    'a token server with a scheme': ['--token-servers r.io=https://a.io', {}, /is no list of token servers/],
    'a log level that does not exist': [
      '',
      { REGCRED_LOG_LEVEL: 'INFO' },
      /^REGCRED_LOG_LEVEL "INFO" is not known; write one of error, warn, info, debug$/,
    ],
    'a log format that does not exist': ['--log-format yaml', {}, /write one of json, text/],
  };
  for (const [what, [line, env, message]] of Object.entries(refusals)) {
    it(`refuses ${what} with one line that says what to write`, () => {
      const parsed = parse(line, env);
      if (parsed.ok) throw new Error('accepted');
      expect(parsed.exitCode).to.equal(2);
      expect(parsed.message).to.match(message).and.not.include('\n');
    });
  }
});
