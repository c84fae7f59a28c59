// Whatever answers in the place of the API server, and quotes what it was sent: the operator repeats none
// of it. Each hostile answer has a namespace and a RegistryCredential of its own, so that all come at once.

import { expect } from 'chai';
import { LOGGED } from '../secrecy/failure-paths.ts';
import { HOSTILE_ANSWERS, HOSTILE_WATCHES, UNREADABLE_WATCH } from '../secrecy/hostile-answers.ts';
import { type Asked, type Choose, HostileProxy } from '../secrecy/hostile-proxy.ts';
import { markedPassword } from '../secrecy/marks.ts';
import { expectSecrecy } from '../secrecy/said.ts';
import { Scanner } from '../secrecy/scanner.ts';
import { eventually } from './eventually.ts';
import { restartOperator, stopOperator } from './operator.ts';
import { docker, SCENARIO_LABEL, Scenario, statusOf } from './scenario.ts';
import { isTold } from './told.ts';

const PASSWORD = markedPassword();
const LOGIN = { server: 'r.example.com', username: 'marked-user', password: PASSWORD };
const NAMES = Object.keys(HOSTILE_ANSWERS);
/** So often something about one RegistryCredential or one watch is answered wrongly. */
const TIMES = 2;

const arrives = (name: string): boolean => NAMES.indexOf(name) % 2 === 1;

/** Namespaces for ever, RegistryCredentials and watches a few times, the Lease every other time. */
function choosing(id: string): Choose {
  const counts = new Map<string, number>();
  const next = (key: string): number => {
    counts.set(key, (counts.get(key) ?? 0) + 1);
    return (counts.get(key) ?? 0) - 1;
  };
  const passing = (key: string, name: string) => (next(key) < TIMES ? HOSTILE_ANSWERS[name] : undefined);
  let watches = 0;
  return ({ method, path, body }: Asked) => {
    if (path.includes('watch=true')) {
      const [kind = ''] = /\w+(?=\?)/.exec(path) ?? [];
      const turn = next(kind + path.includes('fieldSelector'));
      if (turn >= TIMES) return undefined;
      // Of these it looks into a list, and so it fails.
      if (kind === 'serviceaccounts' && turn === 0) return UNREADABLE_WATCH;
      return HOSTILE_WATCHES[watches++ % HOSTILE_WATCHES.length];
    }
    if (path.includes('/leases')) {
      const turn = next(`leases ${method}`);
      return turn % 2 === 0 ? HOSTILE_ANSWERS[NAMES[turn % NAMES.length] ?? ''] : undefined;
    }
    const name = NAMES.find(one =>
      `${path}/ ${path.includes('/events') ? body : ''}`.match(`${id}-${one}[/".?]`),
    );
    if (name === undefined) return undefined;
    if (path.includes('/namespaces/') && !path.includes('/events')) return HOSTILE_ANSWERS[name];
    // One that is refused is not sent again: of every other one the Events arrive, to be looked through.
    if (path.includes('/events') && arrives(name)) return undefined;
    return passing(`${method} ${path.replace(/.*\//, '')} ${name}`, name);
  };
}

describe('a credential that is quoted by whatever answers for the API server', () => {
  let story: Scenario;
  let proxy: HostileProxy;
  beforeEach(async () => {
    // What is made here is for the one that is started here.
    await stopOperator();
    story = new Scenario('proxy');
    proxy = await HostileProxy.listen(choosing(story.id));
  });
  afterEach(async () => {
    proxy.calm();
    // One that reaches the API server, to undo what was made here.
    await restartOperator();
    await proxy.close();
    await story.end();
  });

  it('is nowhere, be it the password or our own token', async () => {
    // What comes before the signature is the base64 of words that stand everywhere.
    const signature = proxy.token.replace(/.*\./, '');
    const scanner = new Scanner({ 'the password': PASSWORD, 'the token': signature });
    const source = await story.dockerSource('s', LOGIN);
    const namespaces = await Promise.all(
      NAMES.map(name => story.namespace(name, { hostile: `${story.id}-${name}` })),
    );
    const credentials = await Promise.all(
      NAMES.map(name =>
        story.credential(name, {
          registries: [docker(source)],
          namespaceSelector: { matchLabels: { [SCENARIO_LABEL]: story.id, hostile: `${story.id}-${name}` } },
        }),
      ),
    );
    const running = await restartOperator(undefined, { kubeconfig: proxy.kubeconfig, waitReady: false });
    const meanwhile = new Set<string>();
    await eventually(
      'it has told of every namespace',
      async () => {
        const answer = await fetch(`http://${running.healthAddress}/readyz`);
        meanwhile.add(await answer.text());
        const log = await running.logs();
        const silent = namespaces.filter(
          (namespace, index) =>
            !isPassing(NAMES[index]) && !log.match(`could not (write|reconcile)".*"${namespace}"`),
        );
        expect(silent).to.deep.equal([]);
      },
      40_000,
    );
    for (const name of ['token-0', 'body-4', 'status-403'])
      await eventually(`status names ${name}`, async () =>
        expect((await statusOf(`${story.id}-${name}`)).failures).to.have.length(1),
      );
    expect(credentials).to.have.length(NAMES.length);
    for (const name of NAMES.filter(one => one.startsWith('body') && arrives(one)))
      await isTold(`${story.id}-${name}`, 'Warning Conflict');
    // What comes once in a while, such as a renewal of the Lease that fails, may be yet to come.
    await eventually(
      'everything was answered wrongly, and it has said so',
      async () => {
        for (const kind of KINDS) expect(proxy.taken.get(kind), kind).to.be.greaterThan(0);
        const log = await running.logs();
        for (const message of MESSAGES)
          expect(log.includes(`"message":"${message}"`), message).to.equal(true);
      },
      40_000,
    );
    expect([...meanwhile].join(), 'it was asked while it was not ready').to.contain('not ready: ');
    scanner.expectNothingIn({ 'readyz during the start': [...meanwhile].join('\n') });
    await expectSecrecy(scanner, running);
  });
});

/** 409 is no failure: the newer state is awaited. */
const isPassing = (name: string | undefined): boolean => name === 'status-409';

const MESSAGES = Object.entries(LOGGED).flatMap(([message, driven]) =>
  'by' in driven && driven.by.includes('proxy') ? [message] : [],
);

const KINDS = [
  'watch',
  'PATCH secrets',
  'PATCH serviceaccounts',
  'PATCH registrycredentials',
  'PATCH registrycredentials/status',
  'POST events',
  'GET leases',
  'PUT leases',
];
