// The bundle starts with nothing beside it, knows its version, and logs as the loose modules do.

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { bundle } from './bundle.ts';

const source = (file: string) => JSON.stringify(fileURLToPath(new URL(`../src/${file}`, import.meta.url)));
const ENTRY = `
import { createLog } from ${source('log.ts')};
import { createMetrics } from ${source('metrics.ts')};
import { version } from ${source('version.ts')};
createLog({ level: 'info', format: 'json' }).info('up', { version, password: 'geheim', size: (await createMetrics().text()).length });
`;

describe('the bundle', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'regcred-bundle-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('runs on its own and knows the version of package.json', async () => {
    const [entry, outfile] = [join(folder, 'entry.ts'), join(folder, 'out', 'entry.js')];
    await writeFile(entry, ENTRY);
    const { bytes, inputs, warnings } = await bundle({ entry, outfile });
    expect(bytes).to.be.greaterThan(100_000);
    expect(warnings).to.deep.equal([]);
    expect(inputs).to.include('src/log.ts').and.include('node_modules/prom-client/index.js');
    expect(inputs.filter(input => input.includes('node_modules/readable-stream'))).to.deep.equal([]);
    await rm(entry);
    const { stdout } = await promisify(execFile)(process.execPath, [outfile], { cwd: folder });
    const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
    expect(JSON.parse(stdout)).to.include({ message: 'up', version, password: '***' });
  });

  it("loads none of Node's own undici with Node's HTTP", async () => {
    const [entry, outfile] = [join(folder, 'http.ts'), join(folder, 'out', 'http.js')];
    await writeFile(
      entry,
      `import { Agent } from 'node:http';
       console.log(typeof Agent, process.moduleLoadList.filter(name => name.includes('undici')).length);`,
    );
    await bundle({ entry, outfile });
    const { stdout } = await promisify(execFile)(process.execPath, [outfile], { cwd: folder });
    expect(stdout).to.equal('function 0\n');
  });

  it('of the operator is all ASCII: with one other character V8 holds each of them in two bytes', async () => {
    const outfile = join(folder, 'operator.js');
    await bundle({ entry: fileURLToPath(new URL('../src/main.ts', import.meta.url)), outfile });
    const text = await readFile(outfile, 'utf8');
    expect(/.{0,40}[^\p{ASCII}]/u.exec(text)?.[0]).to.equal(undefined);
  }).timeout(60_000);

  it('is refused when something in it does not resolve', async () => {
    const refused = await bundle({ entry: join(folder, 'absent.ts'), outfile: join(folder, 'x.js') }).then(
      () => 'built',
      (error: Error) => error.message,
    );
    expect(refused).to.include('absent.ts');
  });
});
