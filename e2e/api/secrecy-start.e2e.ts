// The operator's own credentials while it starts with something wrong: in its kubeconfig, its flags, its
// environment, or on its way to the API server. Each start is that of a process of its own.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { stringify } from 'yaml';
import { EchoingServer } from '../secrecy/echoing-server.ts';
import { markedPassword, markedToken } from '../secrecy/marks.ts';
import { runBundle, type Start } from '../secrecy/run-bundle.ts';
import { Scanner } from '../secrecy/scanner.ts';

const TOKEN = markedToken();
const PASSWORD = markedPassword();
const scanner = new Scanner({ 'the token': TOKEN, 'the password': PASSWORD });
/** In the user part of a URL. */
const LOGIN = `user:${encodeURIComponent(PASSWORD)}@`;
/** Nobody listens there. */
const NOWHERE = '127.0.0.1:1';

const FLAGS = ['--namespace', 'regcred-system', '--health-address', '0', '--metrics-address', '0'];
const DEBUG = [...FLAGS, '--log-level', 'debug'];

describe("the operator's own credentials", () => {
  let folder: string;
  let server: EchoingServer;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'regcred-secrecy-'));
    server = await EchoingServer.listen();
  });
  after(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  const file = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  };
  const kubeconfig = (user: object, cluster: object = { server: `https://${NOWHERE}` }): string =>
    stringify({
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    });
  let files = 0;
  const withConfig = async (text: string, says: RegExp, env: Start['env'] = {}): Promise<Start> => ({
    args: [...DEBUG, '--kubeconfig', await file(`config-${++files}`, text)],
    env,
    says,
  });
  const areNowhere = async (starts: Record<string, Start | Promise<Start>>): Promise<void> => {
    const waiting = Object.entries(starts);
    const one = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [title, start] = next;
        const { says, ...rest } = await start;
        const said = await runBundle({ says, ...rest });
        scanner.expectNothingIn({ [`the output of ${title}`]: said });
        expect(said, title).to.match(says);
      }
    };
    await Promise.all([one(), one(), one()]);
  };

  it('are nowhere when the kubeconfig is malformed with the token in it', async () => {
    const good = kubeconfig({ token: TOKEN });
    await areNowhere({
      'an alias': withConfig(good.replace(TOKEN, `*${TOKEN}`), /not YAML \(unidentified alias, line/),
      'a tag': withConfig(good.replace(TOKEN, `!${TOKEN} x`), /not YAML \(unknown scalar tag, line/),
      'a handle': withConfig(good.replace(TOKEN, `!${TOKEN}!x y`), /not YAML/),
      'no quote at its end': withConfig(good.replace(TOKEN, `"${TOKEN}`), /not YAML/),
      'an escape': withConfig(good.replace(TOKEN, `"${TOKEN}\\q"`), /not YAML \(unknown escape/),
      'a key twice': withConfig(`${good}\n${TOKEN}: 1\n${TOKEN}: 2\n`, /not YAML \(duplicated/),
      'the token alone': withConfig(TOKEN, /has no current-context/),
      'no list of users': withConfig(
        good.replace(/users:[\s\S]*contexts/, `users: ${TOKEN}\ncontexts`),
        /cannot be used/,
      ),
      'a user without a name': withConfig(
        good.replace('name: u', `nam: ${TOKEN}`),
        /users\[0\]\.name is missing/,
      ),
      'the content for its name': {
        args: [...FLAGS, '--kubeconfig', good],
        says: /could not read the kubeconfig: E[A-Z]+; --kubeconfig takes the name of a file/,
      },
      'the content in the variable': {
        args: FLAGS,
        env: { REGCRED_KUBECONFIG: Buffer.from(good.repeat(3)).toString('base64') },
        says: /could not read the kubeconfig: E[A-Z]+; --kubeconfig takes the name of a file/,
      },
      'a server that is no URL': withConfig(
        kubeconfig({ token: TOKEN }, { server: `https//${LOGIN}h` }),
        /is not an http\(s\) URL/,
      ),
      'a proxy that is none': withConfig(
        kubeconfig({ token: TOKEN }, { server: `https://${NOWHERE}`, 'proxy-url': `ftp://${LOGIN}h` }),
        /^proxy-url of the kubeconfig is no proxy/,
      ),
    });
  });

  it('are nowhere when what the kubeconfig names cannot be had', async () => {
    const plugin = await file('plugin', `echo '${TOKEN}'; echo '${TOKEN}' >&2; exit 1`);
    const prose = await file('prose', `echo 'no JSON, but ${TOKEN}'; echo '${TOKEN}' >&2`);
    const says = /could not authenticate: /;
    await areNowhere({
      'a plugin that fails': withConfig(kubeconfig({ exec: { command: 'sh', args: [plugin] } }), says),
      'a plugin that answers prose': withConfig(kubeconfig({ exec: { command: 'sh', args: [prose] } }), says),
      'a plugin that is a whole command': withConfig(kubeconfig({ exec: { command: `sh ${TOKEN}` } }), says),
      'a command of an auth-provider': withConfig(
        kubeconfig({ 'auth-provider': { name: 'gcp', config: { 'cmd-path': 'sh', 'cmd-args': plugin } } }),
        /auth-provider gcp is gone/,
      ),
      'a token-file that is the token': withConfig(
        kubeconfig({ 'token-file': TOKEN }),
        /token-file of a user cannot/,
      ),
      'a tokenFile that is the token': withConfig(
        kubeconfig({ 'auth-provider': { name: 'x', config: { tokenFile: TOKEN } } }),
        says,
      ),
      'a key in the place of its file': withConfig(kubeconfig({ 'client-key': TOKEN }), says),
      'a CA in the place of its file': withConfig(
        kubeconfig({ token: TOKEN }, { server: `https://${NOWHERE}`, 'certificate-authority': TOKEN }),
        says,
      ),
      'a key that is none': withConfig(
        kubeconfig({ 'client-key-data': Buffer.from(TOKEN).toString('base64') }),
        /DECODER|PEM/,
      ),
      'a token that no header can hold': withConfig(
        kubeconfig({ token: `${TOKEN}\u0007ü€` }),
        /Invalid character/,
      ),
    });
  });

  it('are nowhere when the way to the API server is barred', async () => {
    const https = { server: 'https://api.example.com' };
    const insecure = { server: server.http, 'insecure-skip-tls-verify': true };
    const away = { server: `https://${LOGIN}${NOWHERE}` };
    const says = /could not watch the API server/;
    await areNowhere({
      'nobody there': withConfig(kubeconfig({ token: TOKEN }), says),
      'nobody there, by a password': withConfig(kubeconfig({ username: 'u', password: PASSWORD }), says),
      'a login in the URL': withConfig(kubeconfig({ token: TOKEN }, away), says),
      'a certificate of somebody else': withConfig(
        kubeconfig({ token: TOKEN }, { server: server.https }),
        says,
      ),
      'a server that echoes the token': withConfig(kubeconfig({ token: TOKEN }, insecure), says),
      'a server that echoes the password': withConfig(
        kubeconfig({ username: 'u', password: PASSWORD }, insecure),
        says,
      ),
      'a server that talks http where https is wanted': withConfig(
        kubeconfig({ token: TOKEN }, { server: server.http.replace('http:', 'https:') }),
        says,
      ),
      'a proxy that is none': withConfig(kubeconfig({ token: TOKEN }, https), /^HTTPS_PROXY is no proxy/, {
        HTTPS_PROXY: `ftp://${LOGIN}h`,
      }),
      'a proxy that is away': withConfig(kubeconfig({ token: TOKEN }, https), says, {
        HTTPS_PROXY: `http://${LOGIN}${NOWHERE}`,
      }),
      'a proxy that refuses and echoes': withConfig(
        kubeconfig({ token: TOKEN }, https),
        /Failed to establish tunnel/,
        {
          HTTPS_PROXY: server.http.replace('//', `//${LOGIN}`),
        },
      ),
      'a proxy with a token for its user': withConfig(kubeconfig({ token: TOKEN }, https), says, {
        HTTPS_PROXY: server.http.replace('//', `//${TOKEN}@`),
      }),
      'a proxy whose login is malformed': withConfig(kubeconfig({ token: TOKEN }, https), says, {
        HTTPS_PROXY: server.http.replace('//', `//u:%E0%A4%A${TOKEN}@`),
      }),
      'a SOCKS proxy that is none': withConfig(kubeconfig({ token: TOKEN }, https), says, {
        HTTPS_PROXY: server.http.replace('http://', `socks5://${LOGIN}`),
      }),
    });
  });

  it('are nowhere in what a start says of itself, nor in what it says of wrong flags', async () => {
    const env = { REGCRED_PASSWORD: PASSWORD, TOKEN };
    await areNowhere({
      '--help': { args: ['--help'], env, says: /Usage/ },
      '--version': { args: ['--version'], env, says: /\d/ },
      'an unknown flag': { args: [`--token=${TOKEN}`], says: /unknown flag --token/ },
      'an unknown flag and its value': { args: ['--password', PASSWORD], says: /unknown flag --password/ },
      'an unknown short flag': { args: [`-p${TOKEN}`], says: /unknown flag -p/ },
      'a word': { args: [TOKEN], says: /unexpected argument at position 1/ },
      'no namespace': { args: [], env, says: /own namespace is not known/ },
      'no pod': { args: FLAGS, env, says: /not in a pod/ },
      'an address that is taken': {
        args: [
          '--namespace',
          'a',
          '--metrics-address',
          '0',
          '--health-address',
          new URL(server.http).host,
          '--kubeconfig',
          await file('taken', kubeconfig({ token: TOKEN })),
        ],
        env,
        says: /could not listen/,
      },
    });
  });
});
