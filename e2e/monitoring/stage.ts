// An operator that has something to tell of everything that it counts: stored logins and tokens, registries that
// answer nothing, namespaces that are served and one that refuses.

import { MANAGED_BY_LABEL, SYNC_LABEL } from '../../src/api/names.ts';
import { secretsPathIn } from '../../src/controller/paths.ts';
import { AuthorizationServer } from '../../src/testing/authorization/authorization-server.ts';
import { restartOperator } from '../api/operator.ts';
import { basic, Scenario, setLabels } from '../api/scenario.ts';
import { isServed, isWell } from '../api/served.ts';
import { freePorts } from '../cluster/free-ports.ts';
import type { OperatorProcess } from '../cluster/operator-process.ts';

export class Stage {
  readonly story = new Scenario('monitored');
  readonly sts: AuthorizationServer;
  /** The secrets that it takes. */
  readonly clients: Map<string, string>;
  readonly operator: OperatorProcess;
  /** RegistryCredentials: of a stored login, and of a token. */
  stored = '';
  token = '';
  /** The Secrets that they read. */
  source = '';
  client = '';
  /** A namespace that is served by both. */
  served = '';

  private constructor(sts: AuthorizationServer, clients: Map<string, string>, operator: OperatorProcess) {
    this.sts = sts;
    this.clients = clients;
    this.operator = operator;
  }

  static async start(): Promise<Stage> {
    const clients = new Map([['regcred', 'not-a-real-secret']]);
    const sts = await AuthorizationServer.start({ clients });
    const args = ['--oauth-token-endpoints', sts.tokenEndpoint];
    return new Stage(sts, clients, await restartOperator(undefined, { args, verification: 'Report' }));
  }

  /** A stored login and a token, and one namespace that both have reached. */
  async fill(): Promise<void> {
    const { story } = this;
    const [port] = await freePorts(1);
    this.served = await story.namespace('served');
    this.source = await story.basicSource('stored', 'robot', 'not-a-real-password');
    // Nobody listens there, so what the registry says to the login is inconclusive.
    this.stored = await story.credential('stored', { registries: [basic(this.source, `127.0.0.1:${port}`)] });
    this.token = await story.credential('token', { registries: [await this.tokenRegistry()] });
    await isWell(this.stored);
    await isWell(this.token);
    await isServed(this.served, {
      [`127.0.0.1:${port}`]: ['robot', 'not-a-real-password'],
      'tokens.example': ['robot', this.sts.given.at(-1) ?? ''],
    });
  }

  /** A namespace that is selected and has a Secret that a chart made. */
  async refusing(): Promise<string> {
    const namespace = await this.story.namespace('refusing', { [SYNC_LABEL]: 'false' });
    const metadata = { name: 'regcred', labels: { [MANAGED_BY_LABEL]: 'Helm' } };
    await this.story.make(secretsPathIn(namespace), { metadata, type: 'Opaque' });
    await setLabels(namespace, { [SYNC_LABEL]: null });
    return namespace;
  }

  async stop(): Promise<void> {
    try {
      // Only an operator lets RegistryCredentials go. A test may have left none, or one that needs half a minute to see
      // that it may again; and those that come after want one without our flags.
      await restartOperator();
      await this.story.end();
    } finally {
      await this.sts.stop();
    }
  }

  async tokenRegistry() {
    const login = { client_id: 'regcred', client_secret: 'not-a-real-secret' };
    this.client = await this.story.source('client', 'Opaque', login);
    const clientCredentials = { secretRef: { name: this.client } };
    const oauth = { tokenEndpoint: this.sts.tokenEndpoint, username: 'robot', clientCredentials };
    return { server: 'tokens.example', oauth } as never;
  }
}
