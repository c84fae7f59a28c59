// Holds the in-memory API server against a real one by chance: sequences of writes on one object by several
// managers, answer by answer. AGREEMENT_SEED=N plays one run again.

import { NAMESPACES_PATH } from '../../src/controller/paths.ts';
import { HttpKubeClient } from '../../src/kube/client.ts';
import { endpointOfFile } from '../../src/kube/kube-config.ts';
import { aNamespace } from '../../src/testing/builders.ts';
import { FakeApiServer } from '../../src/testing/fake-api-server.ts';
import { Dice } from '../../src/testing/random.ts';
import { RANDOM_NAMESPACE, randomSteps } from '../../src/testing/script/random-writes.ts';
import { runScript } from '../../src/testing/script/run.ts';
import { create, remove } from './admin.ts';
import { cluster } from './cluster.ts';
import { expectAgreement } from './fake-agreement.ts';
import { stopOperator } from './operator.ts';

const SEQUENCES = 300;
const SEED = Number(process.env.AGREEMENT_SEED ?? Math.floor(Math.random() * 2 ** 31));

describe('the in-memory API server, by chance', () => {
  let client: HttpKubeClient;

  before(async () => {
    await stopOperator();
    client = new HttpKubeClient({ endpoint: endpointOfFile(cluster().kubeconfig), version: 'test' });
    await create(NAMESPACES_PATH, { metadata: { name: RANDOM_NAMESPACE } });
  });
  after(async () => {
    await remove(`${NAMESPACES_PATH}/${RANDOM_NAMESPACE}`);
    await client.close();
  });

  it(`answers ${SEQUENCES} sequences of writes as this API server does, seed ${SEED}`, async () => {
    const dice = new Dice(SEED);
    const server = new FakeApiServer();
    server.given(aNamespace(RANDOM_NAMESPACE));
    const seen = new Map<string, number>();
    for (let index = 0; index < SEQUENCES; index += 1) {
      const steps = randomSteps(dice, index);
      const real = await runScript(client, steps);
      expectAgreement(await runScript(server.client('scripted'), steps), real);
      for (const { answer } of real) seen.set(answer, (seen.get(answer) ?? 0) + 1);
    }
    console.log(`      answers: ${[...seen].map(([answer, count]) => `${answer} ${count}`).join(', ')}`);
  }).timeout(120_000);
});
