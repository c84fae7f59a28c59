import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { OPERATOR_NAMESPACE } from '../e2e/cluster/installation.ts';
import { ADMIN, countsOf, isServing, mostASecond, OPERATOR, requestsSince } from './audit.ts';

const AT = '2026-01-01T00:00:00.000000Z';
const event = (username: string, verb: string, resource: string, more: object = {}) => ({
  verb,
  stage: 'ResponseComplete',
  user: { username },
  objectRef: { resource, namespace: 'a' },
  responseStatus: { code: 200 },
  requestReceivedTimestamp: AT,
  stageTimestamp: AT,
  ...more,
});

describe('requests by the audit log', () => {
  let folder: string;
  let file: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'regcred-audit-'));
    file = join(folder, 'audit.log');
    const events = [
      event(OPERATOR, 'patch', 'secrets', { stageTimestamp: '2026-01-01T00:00:00.002250Z' }),
      event(OPERATOR, 'patch', 'registrycredentials', {
        objectRef: { resource: 'registrycredentials', subresource: 'status' },
      }),
      event(OPERATOR, 'create', 'secrets', {
        objectRef: { resource: 'secrets', namespace: OPERATOR_NAMESPACE },
      }),
      event(OPERATOR, 'watch', 'secrets', { stage: 'ResponseStarted' }),
      event(OPERATOR, 'watch', 'secrets'),
      event(OPERATOR, 'patch', 'secrets', { requestReceivedTimestamp: '2025-12-31T23:59:59.999999Z' }),
      event(ADMIN, 'create', 'serviceaccounts', { requestObject: OPERATOR }),
    ];
    await writeFile(file, events.map(each => `${JSON.stringify(each)}\n`).join(''));
  });
  after(() => rm(folder, { recursive: true }));

  it('are those of the operator alone, a watch once, and none of before', async () => {
    expect(countsOf(await requestsSince(file, Date.parse(AT)))).to.eql({
      'create secrets': 1,
      'patch secrets': 1,
      'patch registrycredentials/status': 1,
      'watch secrets': 1,
    });
  });

  it('are those of another identity when that is asked for', async () => {
    expect(countsOf(await requestsSince(file, 0, ADMIN))).to.eql({ 'create serviceaccounts': 1 });
  });

  it('tell what is written in the namespaces from status', async () => {
    const serving = (await requestsSince(file, Date.parse(AT))).filter(isServing);
    expect(countsOf(serving)).to.eql({ 'patch secrets': 1 });
  });

  it('are timed in parts of a millisecond', async () => {
    const [request] = await requestsSince(file, Date.parse(AT));
    expect((request?.answered ?? 0) - (request?.received ?? 0)).to.be.closeTo(2.25, 0.001);
  });

  it('are counted within any second, wherever it begins', () => {
    expect(mostASecond([0, 900, 1100, 1800, 5000])).to.equal(3);
    expect(mostASecond([0, 1000, 2000])).to.equal(1);
    expect(mostASecond([])).to.equal(0);
  });
});
