// debug
import { setTimeout as sleep } from 'node:timers/promises';
import { MANAGED_BY } from '../../src/api/names.ts';
import { operator } from './operator.ts';
import { makeForeign, oneLogin, setManagedBy } from './ownership.ts';
import { Scenario, statusOf } from './scenario.ts';
import { secretIn } from './served.ts';
describe('dbg', () => {
  it('x', async () => {
    const op = await operator();
    const story = new Scenario('dbg');
    const theirs = await story.namespace('theirs');
    await makeForeign(theirs);
    await setManagedBy(theirs, MANAGED_BY);
    const c = await oneLogin(story, 'x');
    await sleep(3000);
    console.log(JSON.stringify(await statusOf(c), null, 1), JSON.stringify(await secretIn(theirs), null, 1));
    console.log((await op.logs()).split('\n').slice(-15).join('\n'));
    await story.end();
  });
});
