// The CRD takes no server that the operator could do nothing with. Servers of chance are put to the API server; what
// becomes of them in the kubelet is the matter of kubelet-agrees.e2e.ts. FUZZ_SEED=N plays one run again.

import { expect } from 'chai';
import { CREDENTIALS_PATH } from '../../src/controller/paths.ts';
import { namesRegistry, serverKey } from '../../src/core/server-key.ts';
import { anyServer, plausibleServer } from '../../src/testing/arbitrary-server.ts';
import { FUZZ_SEED, FUZZ_TIMEOUT, sample } from '../../src/testing/fuzzing.ts';
import { tryCreate } from './admin.ts';
import { credential, installCrd, SECRET } from './admission.ts';

const SERVERS = 600;

/** What the API server says, or undefined when it takes it. */
const refusalOf = async (server: string): Promise<string | undefined> =>
  tryCreate(CREDENTIALS_PATH, credential({ registries: [{ basic: SECRET, server }] })).then(
    () => undefined,
    (error: Error) => error.message,
  );

/** CEL has no better look at an address than a pattern; the operator says the rest in status (ServerUnusable). */
const isNoAddress = (server: string): boolean => {
  const literal = /^(?:https?:\/\/)?(\[[^\]]*\])/.exec(server)?.[1];
  return literal !== undefined && !URL.canParse(`http://${literal}`);
};

describe('a server of chance', () => {
  before(installCrd);

  it(`that the CRD takes is a registry to the operator, seed ${FUZZ_SEED}`, async () => {
    const servers = [...sample(plausibleServer, SERVERS), ...sample(anyServer, SERVERS)];
    let taken = 0;
    for (const server of new Set(servers.filter(server => server.isWellFormed()))) {
      const refusal = await refusalOf(server);
      const says = `${JSON.stringify(server)}, seed ${FUZZ_SEED}: ${refusal ?? 'admitted'}`;
      if (refusal === undefined) {
        taken += 1;
        expect(namesRegistry(serverKey(server) ?? ''), says).to.equal(!isNoAddress(server));
      } else expect(refusal, says).to.match(/server.*(: write |may not be more than)/);
    }
    console.log(`      ${taken} of ${servers.length} servers admitted`);
    expect(taken).to.be.within(servers.length * 0.1, servers.length * 0.9);
  }).timeout(FUZZ_TIMEOUT);
});
