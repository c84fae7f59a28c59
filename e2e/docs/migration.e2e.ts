// docs/migration.md as somebody follows it who has one of the others: theirs is there, ours comes beside it, theirs goes.
// At every step pods find a login, and at the end nothing tells that the other one was there.

import { expect } from 'chai';
import type { Cluster } from '../cluster/cluster.ts';
import { install } from '../cluster/installation.ts';
import { kubectl } from '../cluster/kubectl.ts';
import { type OperatorProcess, startOperator } from '../cluster/operator-process.ts';
import { startCluster } from '../cluster/start-cluster.ts';
import { until } from '../cluster/until.ts';
import { skipUnlessBare } from '../overload/skip.ts';
import { KEPT_OUT, OldSite, TEAMS } from './old-site.ts';
import { PEERS, type Peer } from './peers.ts';
import { type Fenced, run, section } from './runnable.ts';

const DOCUMENT = 'docs/migration.md';
const SECRET_NAMES = ['regcred', ...PEERS.map(({ secretName }) => secretName)];
const [TITANSOFT] = PEERS;

describe(`what ${DOCUMENT} says`, function () {
  this.timeout(120_000);
  let cluster: Cluster;
  let operator: OperatorProcess;
  let site: OldSite;

  before(async function () {
    skipUnlessBare(this);
    cluster = await startCluster({ prefer: 'bare' });
    await install(cluster, SECRET_NAMES);
    operator = await startOperator(cluster, { secretNames: SECRET_NAMES, logLevel: 'info' });
  });
  afterEach(() => site.clear());
  after(async () => {
    await operator?.stop();
    await cluster?.stop();
  });

  /** Theirs is there and was at work; resolves with what else the section has. */
  async function begin(peer: Peer, heading = peer.heading): Promise<Fenced[]> {
    site = new OldSite(cluster, peer);
    const [configuration] = (await section(DOCUMENT, peer.heading)).filter(({ kind }) => kind === 'yaml');
    await site.install(configuration?.commands ?? '');
    await site.playIt();
    const blocks = await section(DOCUMENT, heading);
    return heading === peer.heading ? blocks.filter(block => block.title !== configuration?.title) : blocks;
  }
  async function follow(block: Fenced, old = ''): Promise<void> {
    if (block.kind === 'yaml') return site.apply(block.commands);
    await run({ ...block, commands: block.commands.replace(/^OLD=.*$/m, old && `OLD=${old}`) }, cluster);
  }
  const has = (team: string, secrets: string, entries: string) =>
    until(
      `${team} has the Secrets ${secrets} and the entries ${entries}`,
      async () => (await site.secretsIn(team)) === secrets && (await site.entriesIn(team)) === entries,
      30,
    );

  /** Of the Secrets that a new pod of the team would name, one is there; with imps pods name it themselves. */
  async function everybodyHasALogin({ attaches, secretName }: Peer): Promise<void> {
    for (const team of TEAMS) {
      const named = `${await site.entriesIn(team)}${attaches ? '' : ` ${secretName}`}`.split(' ');
      const there = (await site.secretsIn(team)).split(' ');
      expect(
        named.filter(name => there.includes(name)),
        team,
      ).not.to.be.empty;
    }
  }

  for (const peer of PEERS)
    it(`of ${peer.heading.replace('## From ', '')} moves everybody without a gap`, async () => {
      const { secretName, attaches } = peer;
      const theirs = attaches ? `of-the-team ${secretName} ` : '';
      const blocks = await begin(peer);
      const last = blocks.at(-1);
      for (const block of blocks.slice(0, -1)) {
        await follow(block);
        await everybodyHasALogin(peer);
      }
      for (const team of TEAMS) {
        const both = [secretName, 'regcred'].sort().join(' ');
        await has(team, both, `${theirs}regcred`);
      }
      expect(await site.secretsIn(KEPT_OUT)).to.equal('');
      await follow(last as Fenced);
      await everybodyHasALogin(peer);
      const [leavings] = await section(DOCUMENT, '## What the old one leaves');
      await follow(leavings as Fenced, secretName);
      for (const team of TEAMS) await has(team, 'regcred', attaches ? 'of-the-team regcred' : 'regcred');
    });

  it('of the old name hands the Secrets over, which stay what they are', async () => {
    const peer = TITANSOFT as Peer;
    const blocks = await begin(peer, '## Under the old name');
    const [, move] = await section(DOCUMENT, peer.heading);
    await follow(move as Fenced);
    const uids = await Promise.all(TEAMS.map(team => site.uidOf(team)));
    const [ours, handOver] = blocks;
    await follow(ours as Fenced);
    const conflict = '--for=jsonpath={.status.conditions[?(@.type=="Conflict")].reason}=ForeignSecret';
    await kubectl(cluster, ['wait', 'registrycredential/private-registry', conflict, '--timeout=30s']);
    await follow(handOver as Fenced, peer.secretName);
    for (const team of TEAMS) await has(team, peer.secretName, `of-the-team ${peer.secretName}`);
    expect(await Promise.all(TEAMS.map(team => site.uidOf(team)))).to.deep.equal(uids);
    await kubectl(cluster, ['delete', 'registrycredentials', '--all', '--timeout=30s']);
    for (const team of TEAMS) await has(team, peer.secretName, `of-the-team ${peer.secretName}`);
    expect(await Promise.all(TEAMS.map(team => site.uidOf(team)))).to.deep.equal(uids);
  });

  // One of the two kinds: that orphans lose their owner is Kubernetes' doing, and takes it half a minute with a new kind.
  for (const peer of PEERS.filter(({ kind }) => kind?.kind === 'ClusterPullSecret'))
    it(`of --cascade=orphan keeps the Secrets of ${peer.kind?.kind} when that goes`, async () => {
      await begin(peer);
      const uid = await site.uidOf('team-a');
      const label = [
        'label',
        'secret',
        peer.secretName,
        'app.kubernetes.io/managed-by=regcred',
        '--overwrite',
      ];
      await kubectl(cluster, [
        'delete',
        peer.kind?.plural ?? '',
        '--all',
        '--cascade=orphan',
        // The garbage collector looks for new kinds every 30 s.
        '--timeout=60s',
      ]);
      const owners = ['get', 'secret', peer.secretName, '-o', 'jsonpath={.metadata.ownerReferences}'];
      await until(
        'nobody owns it',
        async () => (await kubectl(cluster, ['-n', 'team-a', ...owners])) === '',
        30,
      );
      await kubectl(cluster, ['-n', 'team-a', ...label]);
      expect(await site.uidOf('team-a')).to.equal(uid);
    });
});
