// Whoever is given the bundle is given other people's work in it, and their licences go with it. A package
// whose licence does not allow that beside ours must not get in unseen.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** SPDX names of the licences that ask for no more than to be named and passed on. */
const COMPATIBLE: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'PSF-2.0',
  'Python-2.0',
  'Unlicense',
]);

const PACKAGE_FOLDER = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
const LICENCE_FILE = /^(?:(?:un)?licen[cs]es?|copying|notice)(?:[.-].*)?$/i;
const CODE = /\.(?:[cm]?[jt]s|json)$/i;

interface BundledPackage {
  /** Name and version. */
  readonly title: string;
  /** SPDX, as its package.json has it; empty where it says nothing. */
  readonly licence: string;
  readonly texts: readonly { readonly file: string; readonly text: string }[];
}

/**
 * The licences of all packages that these files come from, as one text. The files are relative to
 * `root`, as esbuild names its inputs. Rejects when a licence is not compatible, naming all such packages.
 */
export async function licencesOf(inputs: readonly string[], root = '.'): Promise<string> {
  const folders = new Set(inputs.flatMap(input => PACKAGE_FOLDER.exec(input)?.[0] ?? []));
  const found = await Promise.all([...folders].map(folder => packageIn(join(root, folder))));
  // A version that is installed twice is named once.
  const packages = new Map(found.map(each => [each.title, each]));
  const refused = [...packages.values()].filter(({ licence }) => !isCompatible(licence));
  if (refused.length > 0) throw new Error(refusal(refused));
  const titles = [...packages.keys()].sort();
  return [
    'The bundles have code of these packages in them, each under its own licence.\n',
    ...titles.map(title => section(packages.get(title) as BundledPackage)),
  ].join('\n');
}

async function packageIn(folder: string): Promise<BundledPackage> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries
    .filter(entry => entry.isFile() && LICENCE_FILE.test(entry.name) && !CODE.test(entry.name))
    .map(entry => entry.name)
    .sort();
  return {
    title: `${name} ${version}`,
    // Old packages have an object there.
    licence: license?.type ?? license ?? '',
    texts: await Promise.all(
      files.map(async file => ({ file, text: await readFile(join(folder, file), 'utf8') })),
    ),
  };
}

/** Knows "A", "A AND B" and "(A OR B)"; what is nested deeper is for a person to read. */
function isCompatible(licence: string): boolean {
  const plain = licence.replace(/^\(([^()]*)\)$/, '$1');
  if (/[()]/.test(plain)) return false;
  return plain.split(' OR ').some(choice => choice.split(' AND ').every(one => COMPATIBLE.has(one.trim())));
}

function refusal(refused: readonly BundledPackage[]): string {
  const named = refused.map(
    ({ title, licence }) => `${title} (${licence || 'no licence in its package.json'})`,
  );
  return (
    `the bundle would hold what may not be compatible with its own licence: ${named.sort().join(', ')}; ` +
    'do without it, or read the licence and, if it is compatible, add it to scripts/licences.ts'
  );
}

function section({ title, licence, texts }: BundledPackage): string {
  const lines = texts.map(({ file, text }) => `--- ${file}\n\n${text.replaceAll('\r\n', '\n').trim()}\n`);
  if (texts.length === 0) lines.push(`It comes without a licence file; its package.json says ${licence}.\n`);
  return [`${'='.repeat(80)}\n${title} (${licence})\n`, ...lines].join('\n');
}
