// `npm test`: the bundle, the unit tests, then the tests against a real API server.
// `npm run e2e`: the tests on a real kubelet. `npm run e2e:faults`: faults on the wire, the long ones too.
// `npm test -- --kubernetes 1.35`: only those against a real API server, of that version. The last line is the
// sum of what was run.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { elsewhere, kubernetesOf } from '../e2e/cluster/kubernetes-version.ts';
import { runNode } from './run.ts';
import { formatTally, isGreen, judgeRun, sumTallies, type Tally } from './tally.ts';

const MOCHA = createRequire(import.meta.url).resolve('mocha/bin/mocha.js');

interface Step {
  readonly title: string;
  readonly run: () => Promise<StepResult>;
}
interface StepResult {
  readonly tally: Tally;
  /** Whether the steps after this one make sense. */
  readonly goOn: boolean;
}

const folder = await mkdtemp(join(tmpdir(), 'regcred-test-'));
const everywhere: readonly Step[] = [
  { title: 'unit tests', run: () => mocha('.mocharc.json') },
  // The next step runs the bundles: without new ones it would test old ones.
  { title: 'build', run: build },
  { title: 'tests against a real API server', run: () => mocha('e2e/.mocharc.json') },
];
const onNodes: readonly Step[] = [
  { title: 'build', run: build },
  { title: 'tests on a real kubelet', run: () => mocha('e2e/node/.mocharc.json') },
];
const faults: readonly Step[] = [
  { title: 'build', run: build },
  { title: 'faults on the wire', run: () => mocha('e2e/faults/.mocharc.json') },
];
const { values: asked } = parseArgs({
  options: { nodes: { type: 'boolean' }, faults: { type: 'boolean' }, kubernetes: { type: 'string' } },
});
const steps = stepsFor();
try {
  const tallies: Tally[] = [];
  for (const { title, run } of steps) {
    console.log(`\n== ${title}`);
    const { tally, goOn } = await run();
    tallies.push(tally);
    if (!goOn) {
      console.log(`== ${title} ended the run: what comes after it was not run`);
      break;
    }
  }
  const sum = sumTallies(tallies);
  process.exitCode = isGreen(sum) ? 0 : 1;
  console.log(`\n${formatTally(sum)}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

function stepsFor(): readonly Step[] {
  if (asked.nodes) return onNodes;
  if (asked.faults) return faults;
  if (asked.kubernetes === undefined) return everywhere;
  const { version } = kubernetesOf(asked.kubernetes);
  const other = elsewhere(process.env);
  if (other !== undefined) throw new Error(`could not test on Kubernetes ${version}: unset ${other}`);
  process.env.E2E_KUBERNETES = asked.kubernetes;
  // The unit tests ask no API server.
  return everywhere.slice(1);
}

async function build(): Promise<StepResult> {
  const { exitCode, interrupted } = await runNode([join(import.meta.dirname, 'build.ts')]);
  const failed = exitCode === 0 ? 0 : 1;
  return { tally: { passed: 0, failed, skipped: 0 }, goOn: failed === 0 && !interrupted };
}

async function mocha(config: string): Promise<StepResult> {
  const reportFile = join(folder, config.replaceAll('/', '-'));
  const reporter = [
    '--reporter',
    'scripts/tally-reporter.ts',
    '--reporter-option',
    `reportFile=${reportFile}`,
  ];
  const { exitCode, interrupted } = await runNode([MOCHA, '--config', config, ...reporter]);
  const report = await readFile(reportFile, 'utf8').catch(() => undefined);
  const tally = judgeRun(report, exitCode);
  if (report === undefined) console.log(`the runner ended without a result (exit code ${exitCode})`);
  console.log(formatTally(tally));
  return { tally, goOn: !interrupted };
}
