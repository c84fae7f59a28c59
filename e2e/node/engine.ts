// docker or podman: builds the operator's image, runs the registries, and reaches into the nodes of a kind
// cluster, which are its containers.

import type { Readable } from 'node:stream';
import { outputOf } from '../cluster/program-output.ts';

export interface Engine {
  /** The program. */
  readonly name: string;
  /** @returns stdout */
  run(args: readonly string[], input?: string | Readable): Promise<string>;
}

export const engineNamed = (name: string): Engine => ({
  name,
  run: (args, input) =>
    outputOf({
      title: `${name} ${args.join(' ')}`,
      command: name,
      args,
      input,
      // BuildKit would add a second manifest about how the image was made, which nodes cannot import.
      env: { ...process.env, BUILDX_NO_DEFAULT_ATTESTATIONS: '1' },
    }),
});
