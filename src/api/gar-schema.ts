// The source `gar`: as whom a token is asked of Google, and for which servers it may be handed out.

import { type Mistake, matches, refusal } from './cel-rule.ts';
import { secretRef } from './object-name.ts';
import type { Schema } from './schema.ts';

const LABEL = '[a-z0-9*]([-a-z0-9*]*[a-z0-9*])?';
/** All hosts below these names are Google's. */
const HOST = `(gcr\\.io|${LABEL}\\.gcr\\.io|${LABEL}\\.pkg\\.dev)`;
const SERVER = `^(https://)?${HOST}(/[a-z0-9][a-z0-9._-]*)*/?$`;

export const isGoogleRegistry = (server: string): boolean => new RegExp(SERVER).test(server);

export const gar = {
  type: 'object',
  description:
    "A token of Google Cloud that lives for an hour, for Artifact Registry (REGION-docker.pkg.dev) and gcr.io; it is fetched again before it ends. It can read what its service account can: use one that can pull and nothing else. Without secretRef the operator asks as itself: by the credentials file that GOOGLE_APPLICATION_CREDENTIALS of its pod names, or else, if it was started with --node-identity=gar, by Google's metadata server.",
  properties: {
    secretRef: secretRef(
      "A Secret in the operator's namespace with the key credentials.json: the key file of a service account, or a credentials file of workload identity federation whose token is in /var/run/secrets/regcred.dev/ of the operator's pod.",
    ),
  },
} as const satisfies Schema;

const FORM = 'REGION-docker.pkg.dev, REGION-docker.pkg.dev/PROJECT/REPOSITORY, gcr.io or REGION.gcr.io';

const mistakes: readonly Mistake[] = [
  {
    when: `has(self.gar) && has(self.server) && !${matches('self.server', SERVER)}`,
    say: `gar with a server that is no registry of Google: a token of Google is handed out for no other; write ${FORM}`,
  },
];

/** Of the registry, since it holds both. */
export const garRule = refusal(`gar needs a server of Google: write ${FORM}`, mistakes);
