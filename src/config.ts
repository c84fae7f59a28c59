// Flags and environment become one typed value here, or one line that says what
// to write. Pure: main hands argv and the environment in.

import { parseArgs } from 'node:util';
import { MAX_NAME } from './api/bounds.ts';
import { LABEL, SUBDOMAIN } from './api/object-name.ts';
import type { VerificationMode } from './api/types.ts';
import { FLAGS, type FlagName, helpText } from './config-flags.ts';
import { type ListenAddress, parseListenAddress } from './listen-address.ts';
import { LOG_FORMATS, LOG_LEVELS, type LogFormat, type LogLevel } from './log.ts';
import { type OAuthLists, parseOAuthLists } from './oauth-flags.ts';
import { parseTokenServers, type TokenServers } from './token-servers.ts';

export interface Config {
  /** Undefined means in-cluster; KUBECONFIG is never looked at. */
  readonly kubeconfig: string | undefined;
  readonly namespace: string;
  readonly secretNames: readonly string[];
  readonly leaderElect: boolean;
  /** Undefined means switched off. */
  readonly metricsAddress: ListenAddress | undefined;
  /** Undefined means switched off. */
  readonly healthAddress: ListenAddress | undefined;
  readonly maxConcurrentWrites: number;
  /** What the source oauth may send where. */
  readonly oauth: OAuthLists;
  /** Sources that may ask as the node. */
  readonly nodeIdentity: ReadonlySet<string>;
  /** Of a RegistryCredential that does not say. */
  readonly defaultVerification: VerificationMode;
  readonly tokenServers: TokenServers;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  /** Seconds; of undo-all. */
  readonly undoTimeout: number;
}

/** The first word of the command line, where it is none of the flags. */
export type Command = 'operate' | typeof UNDO_ALL;
const UNDO_ALL = 'undo-all';

export type ParsedConfig =
  | {
      readonly ok: true;
      readonly command: Command;
      readonly config: Config;
      /** What is not there by default. */
      readonly given: ReadonlySet<FlagName>;
    }
  /** Print the message and exit: 0 for --help and --version (stdout), 2 for what cannot be obeyed (stderr). */
  | { readonly ok: false; readonly message: string; readonly exitCode: 0 | 2 };

type Environment = Readonly<Record<string, string | undefined>>;

/** A value as it was given, and where, for the message when it is no good. */
interface Given {
  readonly text: string;
  readonly from: string;
  readonly isFallback?: true;
}
type Settings = Readonly<Partial<Record<FlagName, Given>>>;

class ConfigError extends Error {}

/** Sources that know a way to ask as the node. */
export const NODE_IDENTITIES: readonly string[] = ['gar', 'acr'];
const NAMESPACE_NAME = new RegExp(`^${LABEL}$`);
const SECRET_NAME = new RegExp(`^${SUBDOMAIN}$`);

/** `argv` is without the node binary and the script. */
export function parseConfig(argv: readonly string[], env: Environment, version: string): ParsedConfig {
  try {
    const command = argv[0] === UNDO_ALL ? UNDO_ALL : 'operate';
    const flags = readFlags(command === UNDO_ALL ? argv.slice(1) : argv);
    if (flags === 'help') return { ok: false, message: helpText(), exitCode: 0 };
    if (flags === 'version') return { ok: false, message: version, exitCode: 0 };
    const settings = { ...readEnvironment(env), ...flags };
    const given = Object.entries(settings).filter(([, { isFallback }]) => !isFallback);
    return {
      ok: true,
      command,
      config: toConfig(settings),
      given: new Set(given.map(([name]) => name as FlagName)),
    };
  } catch (error) {
    if (error instanceof ConfigError) return { ok: false, message: error.message, exitCode: 2 };
    throw error;
  }
}

function readFlags(argv: readonly string[]): Settings | 'help' | 'version' {
  const options = Object.fromEntries(FLAGS.map(flag => [flag.name, { type: 'string' as const }]));
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true });
  const settings: Partial<Record<FlagName, Given>> = {};
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      throw new ConfigError(
        `unexpected argument at position ${token.index + 1}; every setting is a --flag, see --help`,
      );
    }
    if (token.name === 'help' || token.name === 'h') return 'help';
    if (token.name === 'version') return 'version';
    const flag = FLAGS.find(({ name }) => name === token.name);
    if (flag === undefined)
      throw new ConfigError(`unknown flag ${token.rawName}; --help lists the flags there are`);
    const swallowed = token.inlineValue === false && token.value?.startsWith('-');
    if (!token.value || swallowed)
      throw new ConfigError(`--${flag.name} needs a value: write --${flag.name} ${flag.value}`);
    settings[flag.name] = { text: token.value, from: `--${flag.name}` };
  }
  return settings;
}

/** An empty variable counts as unset: that is what a template leaves behind. */
function readEnvironment(env: Environment): Settings {
  const settings: Partial<Record<FlagName, Given>> = {};
  for (const flag of FLAGS) {
    const text = env[flag.env];
    if (text) settings[flag.name] = { text, from: flag.env };
    else if ('fallback' in flag && flag.fallback !== undefined) {
      settings[flag.name] = { text: flag.fallback, from: `--${flag.name}`, isFallback: true };
    }
  }
  return settings;
}

function toConfig(settings: Settings): Config {
  const metricsAddress = toAddress(settings['metrics-address']);
  const healthAddress = toAddress(settings['health-address']);
  if (
    metricsAddress?.port &&
    metricsAddress.port === healthAddress?.port &&
    metricsAddress.host === healthAddress.host
  ) {
    throw new ConfigError(
      `--metrics-address and --health-address are both ${settings['health-address']?.text}; give them different ports`,
    );
  }
  return {
    kubeconfig: settings.kubeconfig?.text,
    namespace: toNamespace(settings.namespace),
    secretNames: toSecretNames(settings['secret-names']),
    leaderElect: toChoice(settings['leader-elect'], ['true', 'false']) === 'true',
    metricsAddress,
    healthAddress,
    maxConcurrentWrites: toInteger(settings['max-concurrent-writes'], 1, 512),
    oauth: toOAuthLists(settings),
    nodeIdentity: toNodeIdentity(settings['node-identity']),
    defaultVerification: toChoice(settings['default-verification'], ['Off', 'Report', 'Enforce']),
    tokenServers: toTokenServers(settings['token-servers']),
    logLevel: toChoice(settings['log-level'], LOG_LEVELS),
    logFormat: toChoice(settings['log-format'], LOG_FORMATS),
    undoTimeout: toInteger(settings['undo-timeout'], 10, 86_400),
  };
}

function toNamespace(given: Given | undefined): string {
  if (given === undefined) {
    throw new ConfigError(
      "the operator's own namespace is not known: give --namespace NAME or set POD_NAMESPACE",
    );
  }
  if (given.text.length > 63 || !NAMESPACE_NAME.test(given.text)) {
    throw refuse(given, 'is no namespace name; write lower-case letters, digits and "-", at most 63');
  }
  return given.text;
}

function toSecretNames(given: Given | undefined): string[] {
  const names = (given?.text ?? '').split(',').map(name => name.trim());
  if (names.length > 16) throw new ConfigError(`${given?.from} has ${names.length} names; write at most 16`);
  names.forEach((name, index) => {
    if (name.length > MAX_NAME || !SECRET_NAME.test(name)) {
      throw refuse(
        { text: name, from: given?.from ?? '' },
        'is no Secret name; write lower-case letters, digits, "-" and ".", separated by commas',
      );
    }
    if (names.indexOf(name) !== index)
      throw new ConfigError(`${given?.from} has ${name} twice; write each name once`);
  });
  return names;
}

function toOAuthLists(settings: Settings): OAuthLists {
  const lists = parseOAuthLists(
    settings['oauth-token-endpoints']?.text ?? '',
    settings['oauth-audiences']?.text ?? '',
  );
  if (!('problem' in lists)) return lists;
  throw refuse({ text: lists.entry, from: settings[lists.flag]?.from ?? '' }, lists.problem);
}

function toNodeIdentity(given: Given | undefined): ReadonlySet<string> {
  const kinds = (given?.text ?? '').split(',').map(kind => kind.trim());
  if (given !== undefined && !kinds.every(kind => NODE_IDENTITIES.includes(kind)))
    throw refuse(
      given,
      `names a source that cannot; write ${NODE_IDENTITIES.join(' or ')}, separated by commas`,
    );
  return new Set(given === undefined ? [] : kinds);
}

function toTokenServers(given: Given | undefined): TokenServers {
  if (given === undefined) return new Map();
  const servers = parseTokenServers(given.text);
  if (servers === undefined)
    throw refuse(given, 'is no list of token servers; write REGISTRY=HOST, separated by commas');
  return servers;
}

function toAddress(given: Given | undefined): ListenAddress | undefined {
  if (given === undefined || given.text === '0') return undefined;
  const address = parseListenAddress(given.text);
  if (address === undefined)
    throw refuse(given, 'is no address; write [HOST]:PORT such as :8080 or 127.0.0.1:8080, or 0 for none');
  return address;
}

function toInteger(given: Given | undefined, least: number, most: number): number {
  const number = given !== undefined && /^[0-9]{1,6}$/.test(given.text) ? Number(given.text) : Number.NaN;
  if (given === undefined || !(number >= least && number <= most)) {
    throw refuse(given, `is out of range; write a whole number from ${least} to ${most}`);
  }
  return number;
}

function toChoice<T extends string>(given: Given | undefined, choices: readonly T[]): T {
  const choice = choices.find(candidate => candidate === given?.text);
  if (choice === undefined) throw refuse(given, `is not known; write one of ${choices.join(', ')}`);
  return choice;
}

/** What was written is quoted, one line and short: it is no place for a credential, but may be anything. */
function refuse(given: Given | undefined, what: string): ConfigError {
  return new ConfigError(`${given?.from} ${JSON.stringify(given?.text.slice(0, 64))} ${what}`);
}
