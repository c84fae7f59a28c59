// The reporter in a real mocha run: counts, reasons, and no waiting for what was left open.

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';

const MOCHA = createRequire(import.meta.url).resolve('mocha/bin/mocha.js');
const REPORTER = fileURLToPath(new URL('./tally-reporter.ts', import.meta.url));

interface Run {
  readonly code: number;
  readonly output: string;
  readonly report: string | undefined;
}

describe('the reporter', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'regcred-reporter-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function run(spec: string): Promise<Run> {
    const [file, report] = [join(folder, 'spec.mjs'), join(folder, 'report')];
    await rm(report, { force: true });
    await writeFile(file, spec);
    const args = [
      MOCHA,
      '--no-config',
      '--reporter',
      REPORTER,
      '--reporter-option',
      `reportFile=${report},grace=300`,
      file,
    ];
    const ended = await promisify(execFile)(process.execPath, args).then(
      ({ stdout }) => ({ code: 0, output: stdout }),
      (error: { code: number; stdout: string; stderr: string }) => ({
        code: error.code,
        output: error.stdout + error.stderr,
      }),
    );
    return { ...ended, report: await readFile(report, 'utf8').catch(() => undefined) };
  }

  it('counts what passed, failed and was skipped, and gives the reasons', async () => {
    const { code, output, report } = await run(`
      it('passes', () => {});
      it('fails', () => { throw new Error('as it must') });
      it('has no reason', function () { this.skip() });
      it('has a reason', function () { this.test.skipReason = 'no kubelet here'; this.skip() });
      describe('a suite', function () {
        before(function () { this.test.parent.skipReason = 'no cluster here'; this.skip() });
        it('is not run', () => {});
      });
    `);
    expect(code).to.equal(1);
    expect(JSON.parse(report ?? '')).to.deep.equal({ passed: 1, failed: 1, skipped: 3 });
    expect(output).to.include('as it must').and.include('skipped: has no reason: no reason given');
    expect(output).to.include('skipped: has a reason: no kubelet here');
    expect(output).to.include('skipped: a suite is not run: no cluster here');
    expect(output).not.to.include('behind a hook');
  });

  it('counts a hook that fails as a failure, and the tests that it keeps from running', async () => {
    const { output, report } = await run(`
      describe('a suite', () => {
        before(() => { throw new Error('x') });
        for (const name of ['a', 'b']) it(name, () => {});
      });
    `);
    expect(output).to.include('not run: 2 tests');
    expect(JSON.parse(report ?? '')).to.deep.equal({ passed: 0, failed: 1, skipped: 0 });
  });

  it('leaves no report when the runner crashes', async () => {
    const { code, report } = await run(`it('a', () => process.kill(process.pid, 'SIGKILL'))`);
    expect(code).not.to.equal(0);
    expect(report).to.equal(undefined);
  });

  it('ends a process that something keeps alive, and names what', async () => {
    const { code, output } = await run(`it('a', () => { setInterval(() => {}, 1000) })`);
    expect(code).to.equal(1);
    expect(output).to.match(/keep the process alive: .*Timeout/);
  });
});
