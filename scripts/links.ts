// Where the documents point: files and headings of this repository, and addresses elsewhere, which are not visited.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Folders in which nothing is written by hand, or nothing is ours. */
const LEFT_OUT = new Set(['node_modules', 'dist', '.git', 'coverage']);
/** A document that is named in code, a manifest or a message. */
const MENTION = /(?<![\w/.-])(docs\/[\w./-]*\.md)(#[\w-]+)?/g;

/** What is wrong with the links of all documents: "FILE: LINK CAUSE". */
export function brokenLinks(root = ROOT): string[] {
  const files = filesIn(root);
  return files.flatMap(file => {
    const text = () => readFileSync(join(root, file), 'utf8');
    if (file.endsWith('.md'))
      return [
        ...linksOf(text()).flatMap(link => wrong(root, file, link)),
        ...filesNamedIn(text()).flatMap(name => (isFile(files, name) ? [] : [`${file}: ${name} is no file`])),
      ];
    if (!/\.(ts|ya?ml|tpl|txt)$/i.test(file) || file.endsWith('.test.ts')) return [];
    return [...text().matchAll(MENTION)].flatMap(([, path = '', anchor = '']) =>
      wrong(root, file, `/${path}${anchor}`),
    );
  });
}

/** Paths from the root of the repository. */
function filesIn(root: string, folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    if (LEFT_OUT.has(entry.name)) return [];
    return entry.isDirectory() ? filesIn(root, path) : [path];
  });
}

/** Targets of inline links, of images and of definitions; what stands in code is none. */
export function linksOf(markdown: string): string[] {
  const prose = withoutCode(markdown);
  const inline = prose.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g);
  const definitions = prose.matchAll(/^\[[^\]]+\]:\s+(\S+)/gm);
  return [...inline, ...definitions].map(([, target = '']) => target);
}

/** Files of ours that a document names without a link, in backticks: a whole path, its end, or the name alone. */
export function filesNamedIn(markdown: string): string[] {
  const names = withoutBlocks(markdown).matchAll(/`([\w./-]+\.(?:ts|mjs|go|ya?ml|md|json))`/g);
  return [...names].map(([, name = '']) => name).filter(name => name !== 'x.test.ts');
}

const isFile = (files: readonly string[], name: string): boolean =>
  files.some(file => file === name || file.endsWith(`/${name}`));

function wrong(root: string, file: string, link: string): string[] {
  const cause = causeOf(root, file, link);
  return cause === undefined ? [] : [`${file}: ${link} ${cause}`];
}

function causeOf(root: string, file: string, link: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(link)) return causeOfAddress(link);
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? file : path.startsWith('/') ? path.slice(1) : join(dirname(file), path);
  if (target.startsWith('..')) return 'leads out of the repository';
  const found = statSync(join(root, target), { throwIfNoEntry: false });
  if (found === undefined) return 'is not there';
  if (anchor === undefined) return undefined;
  if (!found.isFile()) return 'has an anchor, and is no file';
  return anchorsOf(readFileSync(join(root, target), 'utf8')).includes(anchor)
    ? undefined
    : 'is no heading there';
}

function causeOfAddress(link: string): string | undefined {
  if (!URL.canParse(link)) return 'is no address';
  const { protocol, hostname } = new URL(link);
  if (protocol === 'mailto:') return undefined;
  if (protocol !== 'https:') return 'is not https';
  return hostname.includes('.') ? undefined : 'has no host';
}

/** As GitHub makes them of headings; the second of the same ends in -1. */
export function anchorsOf(markdown: string): string[] {
  const seen = new Map<string, number>();
  const headings = withoutBlocks(markdown).matchAll(/^#{1,6}\s+(.*?)\s*#*$/gm);
  return [...headings].map(([, heading = '']) => {
    const text = heading.replace(/\[([^\]]+)\]\([^)]*\)/g, '$1');
    const slug = text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
}

const withoutBlocks = (markdown: string): string => markdown.replace(/^ *(```+|~~~+)[\s\S]*?^ *\1 *$/gm, '');

const withoutCode = (markdown: string): string => withoutBlocks(markdown).replace(/(`+)[^`]+?\1/g, '');
