// Holds the in-memory API server of the unit tests against a real one: the same script
// of requests, the same answers down to messages, defaults and owners of fields.

import { expect } from 'chai';
import { HttpKubeClient } from '../../src/kube/client.ts';
import { isNotFound } from '../../src/kube/errors.ts';
import { endpointOfFile } from '../../src/kube/kube-config.ts';
import { aNamespace } from '../../src/testing/builders.ts';
import { FakeApiServer } from '../../src/testing/fake-api-server.ts';
import { type Answer, runScript } from '../../src/testing/script/run.ts';
import { defaultAccount, givenNamespace, namespaceStep, script } from '../../src/testing/script/script.ts';
import {
  expectedEvents,
  refusalOf,
  refusedWatches,
  runWatches,
  STREAMED,
  shapesOf,
} from '../../src/testing/script/watch-run.ts';
import { cluster } from './cluster.ts';
import { eventually } from './eventually.ts';
import { expectAgreement } from './fake-agreement.ts';
import { kubectl } from './kubectl.ts';
import { stopOperator } from './operator.ts';

describe('the in-memory API server', () => {
  let client: HttpKubeClient;

  before(async () => {
    // It would change what the script makes.
    await stopOperator();
    client = new HttpKubeClient({ endpoint: endpointOfFile(cluster().kubeconfig), version: 'test' });
    // Its history begins with the first watch of it, and until that is there the API server puts everybody off.
    await eventually('RegistryCredentials can be watched', async () =>
      expect(await refusalOf(client, STREAMED)).not.to.match(/^429 /),
    );
  });

  after(() => client.close());

  it('answers every request of the script as this API server does', async function () {
    await skipBeforeItsTime(this);
    const real: Answer[] = await runScript(client, [namespaceStep]);
    await defaultServiceAccount(client);
    real.push(...(await runScript(client, script)));

    const server = new FakeApiServer();
    server.given(givenNamespace);
    const fake = server.client('regcred');
    const imagined = [...(await runScript(fake, [namespaceStep])), ...(await runScript(fake, script))];

    expectAgreement(imagined, real);
  }).timeout(60_000);

  it('shows a watch the events that this API server shows', async () => {
    expect(await runWatches(client)).to.deep.equal(expectedEvents);
  }).timeout(60_000);

  it('refuses a watch as this API server does', async () => {
    const server = new FakeApiServer();
    server.given(givenNamespace);
    server.compact();
    for (const [what, query] of Object.entries(refusedWatches)) {
      const real = await refusalOf(client, query);
      expect(await refusalOf(server.client(), query), what).to.equal(real);
    }
  });

  it('shows bookmarks and pages as this API server does', async () => {
    const server = new FakeApiServer();
    server.given(givenNamespace, aNamespace('another'));

    expect(await shapesOf(server.client())).to.deep.equal(await shapesOf(client));
  });
});

/** To be called by the test itself: the one in memory is a Kubernetes of today. */
async function skipBeforeItsTime(context: Mocha.Context): Promise<void> {
  const { gitVersion, minor } = JSON.parse(await kubectl(['get', '--raw', '/version']));
  if (Number.parseInt(minor, 10) >= 36) return;
  const skipReason = `Kubernetes ${gitVersion} keeps other books of whose fields are, when a status is written`;
  Object.assign(context.test ?? {}, { skipReason });
  context.skip();
}

/** A controller makes it a moment after the namespace. */
async function defaultServiceAccount(client: HttpKubeClient): Promise<void> {
  for (;;) {
    try {
      await client.request(defaultAccount);
      return;
    } catch (failure) {
      if (!isNotFound(failure)) throw failure;
    }
  }
}
