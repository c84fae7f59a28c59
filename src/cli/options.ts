// The options that all commands share, named as kubectl names them.

import { type Command, InvalidArgumentError, Option } from 'commander';
import { SUBDOMAIN } from '../api/object-name.ts';
import { FORMATS, type Format } from './output.ts';

export interface CommonOptions {
  readonly namespace?: string;
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly output?: NonNullable<Format>;
  readonly operatorNamespace: string;
}

const DEFAULT_OPERATOR_NAMESPACE = 'regcred-system';

export function withCommonOptions(command: Command): Command {
  return command
    .option('-n, --namespace <name>', "namespace; without it, the one of the kubeconfig's context", name)
    .option('--context <name>', 'context of the kubeconfig')
    .option('--kubeconfig <file>', 'kubeconfig; without it, KUBECONFIG or ~/.kube/config')
    .addOption(new Option('-o, --output <format>', 'json, yaml, or wide for more').choices(FORMATS))
    .option(
      '--operator-namespace <name>',
      'where the operator and its sources are',
      name,
      DEFAULT_OPERATOR_NAMESPACE,
    );
}

/** Names go into paths of the API; what cannot be one is said at once. */
export function name(text: string): string {
  if (!isName(text))
    throw new InvalidArgumentError("It is no name: write lower-case letters, digits, '-' and '.'.");
  return text;
}

export const names = (text: string): string[] => text.split(',').map(one => name(one.trim()));

export const isName = (text: string): boolean => text.length <= 253 && NAME.test(text);

const NAME = new RegExp(`^${SUBDOMAIN}$`);
