// Helm as an administrator runs it on our chart, and what comes out.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findHelm, type HelmVersion } from '../cluster/helm-program.ts';
import { type Manifest, parseManifests } from '../cluster/manifests.ts';
import { outputOf, type ProgramRun } from '../cluster/program-output.ts';

export const CHART = fileURLToPath(new URL('../../charts/regcred', import.meta.url));
export const RELEASE = 'regcred';

/** On a new machine Helm is built first. */
export const LONGEST_START = 20 * 60_000;

/** Not what Helm was built with: a Helm 3 that Go installs calls itself one of Kubernetes 1.20. */
const KUBERNETES = ['--kube-version', '1.37.2'];
/** As `--api-versions` takes it. */
export const MUTATING_POLICIES = 'admissionregistration.k8s.io/v1/MutatingAdmissionPolicy';

export interface Helm {
  /** Resolves with what it prints; rejects with what it says on stderr. */
  readonly run: (...args: readonly string[]) => Promise<string>;
  /** The same, until somebody presses Ctrl-C. */
  readonly runUntil: (interrupt: AbortSignal, ...args: readonly string[]) => Promise<string>;
  /** `helm template`, without hooks' order; `values` as of `-f`. */
  readonly rendered: (values?: object, ...args: readonly string[]) => Promise<Manifest[]>;
  /** What it says instead. */
  readonly refusal: (values: object, ...args: readonly string[]) => Promise<string>;
  readonly end: () => Promise<void>;
}

/** Skips the suite where it cannot be built. @param kubeconfig none for what asks no cluster */
export async function helmFor(test: Mocha.Context, version: HelmVersion, kubeconfig?: string): Promise<Helm> {
  test.timeout(LONGEST_START);
  const found = await findHelm(line => console.error(line), version);
  if ('why' in found) {
    Object.assign(test.test?.parent ?? {}, { skipReason: found.why });
    return test.skip();
  }
  const home = await mkdtemp(join(tmpdir(), 'regcred-helm-'));
  // Nothing of the person who runs the tests: no repositories, no plugins, no settings.
  const env = { PATH: process.env.PATH, HOME: home, KUBECONFIG: kubeconfig ?? join(home, 'none') };
  const run = (args: readonly string[], other: Pick<ProgramRun, 'input' | 'interrupt'> = {}) =>
    outputOf({ title: `helm ${args.join(' ')}`, command: found.path, args, env, ...other });
  const rendered = async (values = {}, ...args: readonly string[]) => {
    const template = ['template', RELEASE, CHART, '-n', 'regcred-system', ...KUBERNETES, '-f', '-'];
    return parseManifests(await run([...template, ...args], { input: JSON.stringify(values) }));
  };
  return {
    run: (...args) => run(args),
    runUntil: (interrupt, ...args) => run(args, { interrupt }),
    rendered,
    refusal: (values, ...args) =>
      rendered(values, ...args).then(
        () => 'it was taken',
        (error: Error) => error.message,
      ),
    end: () => rm(home, { recursive: true }),
  };
}

export const isHook = ({ metadata }: Manifest): boolean =>
  (metadata as { annotations?: Record<string, string> }).annotations?.['helm.sh/hook'] !== undefined;

// biome-ignore lint/suspicious/noExplicitAny: the shape is what is tested
export const only = (objects: readonly Manifest[], kind: string, name?: string): any =>
  objects.find(
    one => one.kind === kind && !isHook(one) && (name === undefined || one.metadata.name === name),
  );
