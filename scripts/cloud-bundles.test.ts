// The libraries of clouds: in no bundle but their own, loaded by whoever asks for one, and needed by nobody else.

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { type BundleOptions, bundle } from './bundle.ts';
import { cloudBundles } from './cloud-bundles.ts';

const project = (file: string) => fileURLToPath(new URL(`../${file}`, import.meta.url));
const AWS = JSON.stringify(project('src/clouds/aws.ts'));
const OF_A_CLOUD =
  /node_modules\/(?:@aws-sdk|@aws|@smithy|@azure|google-auth-library|gaxios)\b|src\/clouds\//;

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

  it('have nothing in common with the operator, which starts with none of them beside it', async () => {
    const outfile = join(folder, 'bare', 'operator.js');
    const { inputs } = await bundle({ entry: project('src/main.ts'), outfile });
    expect(inputs.filter(input => OF_A_CLOUD.test(input))).to.deep.equal([]);
    expect(await run(outfile, '--version')).to.match(/^\d+\.\d+\.\d+\n$/);
  });

  it('have nothing in common with kubectl-regcred, which is one file and looks for no other', async () => {
    const outfile = join(folder, 'kubectl-regcred.js');
    const { inputs } = await bundle({ entry: project('src/cli/main.ts'), outfile, clouds: 'none' });
    expect(inputs.filter(input => OF_A_CLOUD.test(input))).to.deep.equal([]);
    expect(await readFile(outfile, 'utf8')).to.not.match(/\.\/clouds\//);
  });

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

  it('are not there for a program that has nothing beside it, and says so if it asks', async () => {
    const alone = await bundled('alone', `await import(${AWS});`, { clouds: 'none' });
    expect(await run(alone)).to.include('this program asks no cloud');
  });

  it('can start no program, whatever AWS_PROFILE or a configuration file says', async () => {
    const outfile = join(folder, 'aws.js');
    const { inputs, warnings } = await bundle({ entry: project('src/clouds/aws.ts'), outfile });
    expect(warnings).to.deep.equal([]);
    expect(inputs.filter(input => OF_A_CLOUD.test(input))).to.not.deep.equal([]);
    expect(await readFile(outfile, 'utf8')).to.not.match(/child_process/);
  });

  it('are all in the image', async () => {
    expect(await readFile(project('Dockerfile'), 'utf8')).to.match(/^COPY .*\/dist\/clouds \/clouds$/m);
    expect((await cloudBundles('/')).map(({ outfile }) => outfile)).to.include('/clouds/aws.js');
  });
});
