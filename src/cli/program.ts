// The command line: which command was meant, and with what. Commands do the rest.

import { Command, CommanderError } from 'commander';
import { DEFAULT_SECRET_NAME } from '../api/names.ts';
import type { KubeClient } from '../kube/kube-client.ts';
import { createReader } from './cluster-reader.ts';
import { checkExplain, explainCommand } from './explain-command.ts';
import { CommandError, EXIT, type ExitCode, failureOf } from './failure.ts';
import { type CommonOptions, name, names, withCommonOptions } from './options.ts';
import { createOutput, type Output, type Streams } from './output.ts';
import { planCommand } from './plan-command.ts';
import type { Check } from './registry-check.ts';
import { statusCommand } from './status-command.ts';
import { watchStatus } from './status-watch.ts';

export interface Surface extends Streams {
  /** Throws what failureOf knows. */
  connect(options: CommonOptions): Connection;
  /** Asks a registry whether a login is good. */
  readonly check: Check;
  readonly version: string;
}

export interface Connection {
  readonly client: KubeClient;
  /** Of the context. */
  readonly namespace: string | undefined;
  close(): Promise<void>;
}

/** What a command works with. */
export interface Session {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly output: Output;
}

/** `argv` is without node and script. Never rejects. */
export async function run(argv: readonly string[], surface: Surface): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const finish = (code: ExitCode): void => {
    exitCode = code;
  };
  try {
    await createProgram(surface, finish).parseAsync([...argv], { from: 'user' });
  } catch (error) {
    // Commander has said what was wrong; --help and --version are no failures.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const failure = failureOf(error);
    createOutput(surface, undefined).note(`error: ${failure.message}`);
    return failure.exitCode;
  }
  return exitCode;
}

function createProgram(surface: Surface, finish: (code: ExitCode) => void): Command {
  const program = new Command('kubectl regcred')
    .description(
      'Registry logins in a cluster: why a pull fails, how a roll-out stands, what a change would do.',
    )
    .version(surface.version)
    .exitOverride()
    .showHelpAfterError(false)
    .configureOutput({
      writeOut: text => surface.stdout.write(text),
      writeErr: text => surface.stderr.write(text),
      // One line.
      outputError: (text, write) => write(`${text.trim().replace(/\s+/g, ' ')}\n`),
    });
  addExplain(program, surface, finish);
  addStatus(program, surface, finish);
  addPlan(program, surface, finish);
  // Those of the whole hold for each, also when it is added later.
  for (const command of program.commands) command.copyInheritedSettings(program).exitOverride();
  return program;
}

function addExplain(program: Command, surface: Surface, finish: (code: ExitCode) => void): void {
  const command = program
    .command('explain')
    .argument('[image]', 'image, as a pod would name it')
    .option('--pod <name>', 'a pod that is there, in place of an image', name)
    .option('--serviceaccount <name>', 'whose pull secrets count; without it, default', name)
    .option('--check', 'ask the registry, with each login that matches and for the image')
    .option('--show-user', 'show user names; passwords are never shown')
    .description('Say which login the kubelet will use for an image, or why a pull fails.');
  interface ExplainOptions extends CommonOptions {
    readonly pod?: string;
    readonly serviceaccount?: string;
    readonly showUser?: boolean;
    readonly check?: boolean;
  }
  withCommonOptions(command).action(async (image: string | undefined, options: ExplainOptions) => {
    const { pod, serviceaccount: serviceAccount, showUser = false, operatorNamespace } = options;
    const request = { image, pod, serviceAccount, showUser, operatorNamespace };
    checkExplain(request);
    await inSession(surface, options, async ({ client, namespace, output }) =>
      finish(
        await explainCommand(
          { ...request, namespace, check: options.check ? surface.check : undefined },
          createReader(client),
          output,
        ),
      ),
    );
  });
}

function addStatus(program: Command, surface: Surface, finish: (code: ExitCode) => void): void {
  const command = program
    .command('status')
    .argument('[name]', 'a RegistryCredential; without it, all', name)
    .option('-w, --watch', 'follow what is being rolled out until it is over')
    .description('Show RegistryCredentials, or one of them namespace by namespace.');
  interface StatusOptions extends CommonOptions {
    readonly watch?: boolean;
  }
  withCommonOptions(command).action(async (named: string | undefined, options: StatusOptions) => {
    const { watch = false, namespace, operatorNamespace, output: format } = options;
    if (watch && format !== undefined && format !== 'wide')
      throw new CommandError('--watch is for people: leave --output out', EXIT.usage);
    const request = { name: named, namespace, operatorNamespace };
    await inSession(surface, options, async ({ client, output }) =>
      finish(
        watch
          ? await watchStatus(named, client, output)
          : await statusCommand(request, createReader(client), output),
      ),
    );
  });
}

function addPlan(program: Command, surface: Surface, finish: (code: ExitCode) => void): void {
  const command = program
    .command('plan')
    .option('-f, --filename <file>', 'manifest with RegistryCredentials; - is standard input')
    .option('--delete <name>', 'a RegistryCredential, as if it were deleted', name)
    .option('--secret-names <names>', 'those that the operator is started with, separated by commas', names, [
      DEFAULT_SECRET_NAME,
    ])
    .description(
      'Say what applying a file, or deleting a RegistryCredential, would change. Nothing is written.',
    );
  interface PlanOptions extends CommonOptions {
    readonly filename?: string;
    readonly delete?: string;
    readonly secretNames: readonly string[];
  }
  withCommonOptions(command).action(async (options: PlanOptions) => {
    const { filename: file, delete: deleted, namespace, operatorNamespace, secretNames } = options;
    if ((file === undefined) === (deleted === undefined))
      throw new CommandError(
        'name a file with -f or a RegistryCredential with --delete, one of the two',
        EXIT.usage,
      );
    const request = { file, deleted, namespace, operatorNamespace, secretNames };
    await inSession(surface, options, async ({ client, output }) =>
      finish(await planCommand(request, client, output)),
    );
  });
}

async function inSession(
  surface: Surface,
  options: CommonOptions,
  work: (session: Session) => Promise<void>,
): Promise<void> {
  const connection = surface.connect(options);
  try {
    const namespace = options.namespace ?? connection.namespace ?? 'default';
    await work({ client: connection.client, namespace, output: createOutput(surface, options.output) });
  } finally {
    await connection.close();
  }
}
