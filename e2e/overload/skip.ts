// Who has no bare control plane, or told which cluster to take, is not given a second one.

import { cluster } from '../api/cluster.ts';

/** To be called in `before`. */
export function skipUnlessBare({ test, skip }: Mocha.Context): void {
  if (cluster().way === 'bare') return;
  const skipReason =
    'it fills a control plane of its own, and only a bare one can be had besides this cluster';
  Object.assign(test?.parent ?? {}, { skipReason });
  skip();
}
