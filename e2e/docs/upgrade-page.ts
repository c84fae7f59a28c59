// The runnable blocks of docs/upgrade.md by the part in which they stand; no block without a test.

import { type Block, section } from './runnable.ts';

const DOCUMENT = 'docs/upgrade.md';
/** How many blocks each part has. */
export const PARTS = {
  '## The operator is down for a while': 1,
  '## The CRD and the operator': 2,
  '## A Secret name is taken from `secretNames`': 3,
  '## The operator was removed before its RegistryCredentials': 3,
} as const;

type Blocks = readonly [Block, Block, Block];

export async function blocksOf(heading: keyof typeof PARTS): Promise<Blocks> {
  const blocks = (await section(DOCUMENT, heading)).filter(({ kind }) => kind === 'sh runnable');
  if (blocks.length !== PARTS[heading]) throw new Error(`${heading} has ${blocks.length} blocks`);
  return blocks as unknown as Blocks;
}
