// One scene for all tests of a describe, and the cluster as it was before and afterwards.

import { operator, stopOperator } from '../api/operator.ts';
import type { OperatorOptions } from '../cluster/operator-process.ts';
import type { Spoken } from './gateway.ts';
import { Scene } from './scene.ts';

/** To be called in a describe; answers the scene to its tests. */
export function stage(options: OperatorOptions = {}, spoken?: Spoken): () => Scene {
  let scene: Scene | undefined;
  const begun = (): Scene => {
    if (scene === undefined) throw new Error('the scene has not begun');
    return scene;
  };
  before(stopOperator);
  before(async () => {
    scene = new Scene(spoken);
    await scene.begin(options);
  });
  afterEach(() => begun().calm());
  after(async () => {
    await scene?.end();
    // For the files to come, which share one.
    await operator();
  });
  return begun;
}
