// The libraries of clouds: in no bundle but their own, loaded by whoever asks for one, and needed by nobody else.

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { type BundleOptions, bundle } from './bundle.ts';
import { cloudBundles, filesOfClouds } from './cloud-bundles.ts';

const project = (file: string) => fileURLToPath(new URL(`../${file}`, import.meta.url));
const AWS = JSON.stringify(project('src/clouds/aws.ts'));

/** Has the libraries of Google and Azure ask for a token, and nobody to ask. */
const ASKING = `
  const { gaxios, IdentityPoolClient } = await import('./clouds/google.js');
  const body = JSON.stringify({ access_token: 'fake', token_type: 'Bearer', expires_in: 3599 });
  const google = new IdentityPoolClient({ type: 'external_account', audience: 'a', subject_token_type: 'jwt',
    subject_token_supplier: { getSubjectToken: async () => 'fake' } });
  google.stsCredential.transporter = new gaxios.Gaxios({ fetchImplementation: async () => new Response(body) });
  await google.getAccessToken();
  const { ClientSecretCredential, createHttpHeaders } = await import('./clouds/azure.js');
  const httpClient = { sendRequest: async request =>
    ({ request, status: 200, headers: createHttpHeaders(), bodyAsText: body }) };
  await new ClientSecretCredential('t', 'c', 'fake', { httpClient, disableInstanceDiscovery: true }).getToken('s/.default');
`;

describe('the bundles of clouds', function () {
  this.timeout(30_000);

  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'regcred-clouds-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function bundled(name: string, text: string, options: Partial<BundleOptions> = {}): Promise<string> {
    const [entry, outfile] = [join(folder, `${name}.ts`), join(folder, name, 'operator.js')];
    await writeFile(entry, text);
    await bundle({ entry, outfile, ...options });
    return outfile;
  }
  const run = (file: string, ...args: string[]): Promise<string> =>
    promisify(execFile)(process.execPath, [file, ...args], { cwd: folder }).then(
      ({ stdout }) => stdout,
      (error: Error & { stderr: string }) => error.stderr,
    );

  it('are loaded when they are asked for, and not before', async () => {
    const operator = await bundled(
      'lazy',
      `if (process.argv[2]) console.log(typeof (await import(${AWS})).ECRClient); else console.log('asked nobody');`,
    );
    expect(await run(operator)).to.equal('asked nobody\n');
    expect(await run(operator, 'ask'), 'what is not there was not loaded before').to.include('clouds/aws.js');
    for (const each of await cloudBundles(join(folder, 'lazy'))) await bundle(each);
    expect(await run(operator, 'ask')).to.equal('function\n');
  });

  it('are refused where an import would load them with the operator', async () => {
    const refused = await bundled('eager', `import { ECRClient } from ${AWS}; console.log(ECRClient);`).then(
      () => 'built',
      (error: Error) => error.message,
    );
    expect(refused).to.match(/eager\.ts has to load .*src\/clouds\/aws\.ts with await import/);
  });

  it('are refused where a library is imported past src/clouds', async () => {
    const library = JSON.stringify(project('node_modules/@aws-sdk/client-ecr/dist-es/index.js'));
    const refused = await bundled(
      'past',
      `const { ECRClient } = await import(${library}); console.log(ECRClient);`,
    ).then(
      () => 'built',
      (error: Error) => error.message,
    );
    expect(refused).to.match(
      /operator\.js would hold .*@aws-sdk.*: name what is used of it in a file of src\/clouds/,
    );
  });

  it('are not there for a program that has nothing beside it, and says so if it asks', async () => {
    const alone = await bundled('alone', `await import(${AWS});`, { clouds: 'none' });
    expect(await run(alone)).to.include('this program asks no cloud');
  });

  it('can start no program, whatever a configuration file says, and print nothing past the log', async () => {
    for (const each of await cloudBundles(join(folder, 'all'))) {
      const { inputs, warnings } = await bundle(each);
      expect(warnings).to.deep.equal([]);
      expect(filesOfClouds(inputs)).to.not.deep.equal([]);
      const code = await readFile(each.outfile, 'utf8');
      expect(code, each.outfile).to.not.match(/["'](node:)?child_process["']/);
      expect(code, each.outfile).to.not.match(/\bconsole\.\w+\(/);
    }
  });

  it('print nothing when a variable asks for all that is sent', async () => {
    const asking = join(folder, 'asking.mjs');
    await writeFile(asking, ASKING);
    for (const each of await cloudBundles(folder)) await bundle(each);
    const env = {
      ...process.env,
      AZURE_LOG_LEVEL: 'verbose',
      GOOGLE_SDK_NODE_LOGGING: 'all',
      NODE_DEBUG: 'auth',
    };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [asking], { cwd: folder, env });
    expect({ stdout, stderr }).to.deep.equal({ stdout: '', stderr: '' });
  });

  it('are all in the image', async () => {
    expect(await readFile(project('Dockerfile'), 'utf8')).to.match(/^COPY .*\/dist\/clouds \/clouds$/m);
    expect((await cloudBundles('/')).map(({ outfile }) => outfile)).to.include('/clouds/aws.js');
  });
});
