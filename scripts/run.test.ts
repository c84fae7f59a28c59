// How a program ended is what the gate goes by.

import { expect } from 'chai';
import { runNode } from './run.ts';

describe('running a program', () => {
  it('tells its exit code', async () => {
    expect(await runNode(['-e', ''])).to.deep.equal({ exitCode: 0, interrupted: false });
    expect(await runNode(['-e', 'process.exit(3)'])).to.deep.equal({ exitCode: 3, interrupted: false });
  });

  it('does not take a program that was killed for one that went well', async () => {
    const { exitCode } = await runNode(['-e', 'process.kill(process.pid, "SIGKILL")']);
    expect(exitCode).to.equal(null);
  });

  it('passes the signal that ends us on, and waits for the program', async () => {
    const running = runNode([
      '-e',
      'process.on("SIGTERM", () => process.exit(5)); process.kill(process.ppid, "SIGTERM"); setInterval(() => {}, 1000)',
    ]);
    expect(await running).to.deep.equal({ exitCode: 5, interrupted: true });
  });
});
