// The numbers as Prometheus reads them.

import { expect } from 'chai';
import { createMetrics } from './metrics.ts';

describe('the metrics', () => {
  it('count requests by verb, resource and code', async () => {
    const metrics = createMetrics();
    const request = { verb: 'patch', resource: 'secrets', seconds: 0.02 } as const;
    metrics.observeRequest({ ...request, code: '200' });
    metrics.observeRequest({ ...request, code: '200' });
    metrics.observeRequest({ ...request, code: '<error>' });
    const text = await metrics.text();
    expect(text).to.include('rest_client_requests_total{verb="patch",resource="secrets",code="200"} 2');
    expect(text).to.include('rest_client_requests_total{verb="patch",resource="secrets",code="<error>"} 1');
    expect(text).to.include(
      'rest_client_request_duration_seconds_bucket{le="0.025",verb="patch",resource="secrets"} 3',
    );
  });

  it('count reconciles, their errors from zero on, and their time', async () => {
    const metrics = createMetrics();
    metrics.observeReconcile({ controller: 'namespace', result: 'success', seconds: 1 });
    expect(await metrics.text()).to.include(
      'controller_runtime_reconcile_errors_total{controller="namespace"} 0',
    );
    metrics.observeReconcile({ controller: 'namespace', result: 'error', seconds: 1 });
    const text = await metrics.text();
    expect(text).to.include('controller_runtime_reconcile_errors_total{controller="namespace"} 1');
    expect(text).to.include('controller_runtime_reconcile_total{controller="namespace",result="success"} 1');
    expect(text).to.include('controller_runtime_reconcile_time_seconds_sum{controller="namespace"} 2');
  });

  it('count fetches by source and result', async () => {
    const metrics = createMetrics();
    metrics.observeFetch('oauth', 'success');
    metrics.observeFetch('oauth', 'TokenRefused');
    const text = await metrics.text();
    expect(text).to.include('regcred_source_fetch_total{source="oauth",result="success"} 1');
    expect(text).to.include('regcred_source_fetch_total{source="oauth",result="TokenRefused"} 1');
  });

  it('tell when logins end, of those that are there', async () => {
    const metrics = createMetrics();
    const name = 'regcred_credential_expiry_timestamp_seconds';
    const expiries = new Map([['team', 1_767_225_600]]);
    metrics.registerExpiries(() => expiries);
    expect(await metrics.text()).to.include(`${name}{credential="team"} 1767225600`);
    expiries.delete('team');
    expect(await metrics.text()).to.not.include(`${name}{`);
    metrics.registerExpiries(() => [['other', 1]]);
    expect(await metrics.text()).to.include(`${name}{credential="other"} 1`);
  });

  it('ask a queue for its depth at each scrape', async () => {
    const metrics = createMetrics();
    let depth = 3;
    const queue = metrics.registerQueue('namespaces', () => depth);
    queue.added();
    queue.retried();
    expect(await metrics.text()).to.include('workqueue_depth{name="namespaces"} 3');
    depth = 0;
    const text = await metrics.text();
    expect(text).to.include('workqueue_depth{name="namespaces"} 0');
    expect(text).to.include('workqueue_adds_total{name="namespaces"} 1');
    expect(text).to.include('workqueue_retries_total{name="namespaces"} 1');
  });

  it('say of each watch whether it is followed, and how often it failed', async () => {
    const metrics = createMetrics();
    let isFollowing = false;
    const watch = metrics.registerWatch('namespaces', () => isFollowing);
    metrics.registerWatch('serviceaccounts', () => true);
    expect(await metrics.text()).to.include('reflector_following{name="namespaces"} 0');
    isFollowing = true;
    watch.failed();
    const text = await metrics.text();
    expect(text).to.include('reflector_following{name="namespaces"} 1');
    expect(text).to.include('reflector_failures_total{name="namespaces"} 1');
    expect(text).to.include('reflector_failures_total{name="serviceaccounts"} 0');
  });

  it('ask at each scrape whether this replica leads', async () => {
    const metrics = createMetrics();
    let leads = false;
    metrics.registerElection('regcred', () => leads);
    expect(await metrics.text()).to.include('leader_election_master_status{name="regcred"} 0');
    leads = true;
    expect(await metrics.text()).to.include('leader_election_master_status{name="regcred"} 1');
  });

  it('count at each scrape what registries said, and end with a RegistryCredential', async () => {
    const metrics = createMetrics();
    let said: [string, string][] = [
      ['team', 'verified'],
      ['team', 'verified'],
      ['other', 'rejected'],
    ];
    metrics.registerVerification(() => said);
    expect(await metrics.text())
      .to.include('regcred_verification{credential="team",result="verified"} 2')
      .and.include('regcred_verification{credential="other",result="rejected"} 1');
    said = [['team', 'rejected']];
    const text = await metrics.text();
    expect(text).to.include('regcred_verification{credential="team",result="rejected"} 1');
    expect(text).to.not.include('verified').and.not.include('other');
  });

  it('of two operators in one process do not mix', async () => {
    const [one, other] = [createMetrics(), createMetrics()];
    one.observeReconcile({ controller: 'namespace', result: 'success', seconds: 1 });
    expect(await other.text()).not.to.include('controller="namespace"');
  });

  it('tell about the process too', async () => {
    expect(await createMetrics().text()).to.include('process_resident_memory_bytes');
  });
});
