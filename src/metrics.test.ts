// The numbers as Prometheus reads them.

import { expect } from 'chai';
import { createMetrics } from './metrics.ts';

const create = () => createMetrics('1.2.3');

describe('the metrics', () => {
  it('count requests by code, method and host', async () => {
    const metrics = create();
    const request = { method: 'PATCH', host: '10.0.0.1:443', seconds: 0.02 } as const;
    metrics.observeRequest({ ...request, code: '200' });
    metrics.observeRequest({ ...request, code: '200' });
    metrics.observeRequest({ ...request, code: '<error>' });
    const text = await metrics.text();
    expect(text)
      .to.include('rest_client_requests_total{code="200",method="PATCH",host="10.0.0.1:443"} 2')
      .and.include('rest_client_requests_total{code="<error>",method="PATCH",host="10.0.0.1:443"} 1')
      .and.include(
        'rest_client_request_duration_seconds_bucket{le="0.025",verb="PATCH",host="10.0.0.1:443"} 3',
      );
  });

  it('count reconciles, their errors from zero on, and their time', async () => {
    const metrics = create();
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
    const metrics = create();
    metrics.observeFetch('oauth', 'success');
    metrics.observeFetch('oauth', 'TokenRefused');
    const text = await metrics.text();
    expect(text).to.include('regcred_source_fetch_total{source="oauth",result="success"} 1');
    expect(text).to.include('regcred_source_fetch_total{source="oauth",result="TokenRefused"} 1');
  });

  it('ask a queue at each scrape how many keys wait, and how long those under way have taken', async () => {
    const metrics = create();
    let depth = 3;
    let taken = [2, 0.5];
    const queue = metrics.registerQueue('namespace', () => ({ depth, underWay: () => taken }));
    expect(await metrics.text())
      .to.include('workqueue_depth{name="namespace"} 3')
      .and.include('workqueue_unfinished_work_seconds{name="namespace"} 2.5')
      .and.include('workqueue_longest_running_processor_seconds{name="namespace"} 2');
    [depth, taken] = [0, []];
    queue.added();
    queue.retried();
    queue.started(0.2);
    queue.finished(3);
    expect(await metrics.text())
      .to.include('workqueue_depth{name="namespace"} 0')
      .and.include('workqueue_unfinished_work_seconds{name="namespace"} 0')
      .and.include('workqueue_adds_total{name="namespace"} 1')
      .and.include('workqueue_retries_total{name="namespace"} 1')
      .and.include('workqueue_queue_duration_seconds_sum{name="namespace"} 0.2')
      .and.include('workqueue_work_duration_seconds_bucket{le="1",name="namespace"} 0')
      .and.include('workqueue_work_duration_seconds_bucket{le="5",name="namespace"} 1');
  });

  it('go on counting for the queue that takes the place of one of its name', async () => {
    const metrics = create();
    metrics.registerQueue('status', () => ({ depth: 7, underWay: () => [] })).added();
    metrics.registerQueue('status', () => ({ depth: 1, underWay: () => [] })).added();
    expect(await metrics.text())
      .to.include('workqueue_depth{name="status"} 1')
      .and.include('workqueue_adds_total{name="status"} 2');
  });

  it('tell how long changes take and wait, and what was put right', async () => {
    const metrics = create();
    const sync = metrics.registerSync(() => 42);
    expect(await metrics.text()).to.include('regcred_drift_corrections_total{resource="secrets"} 0');
    sync.synced(0.04);
    sync.corrected('serviceaccounts');
    expect(await metrics.text())
      .to.include('regcred_sync_lag_seconds_bucket{le="0.05"} 1')
      .and.include('regcred_sync_lag_seconds_count 1')
      .and.include('regcred_drift_corrections_total{resource="serviceaccounts"} 1')
      .and.include('regcred_sync_pending_seconds 42');
  });

  it('say of each watch whether it is followed, and how often it failed', async () => {
    const metrics = create();
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
    const metrics = create();
    let leads = false;
    metrics.registerElection('regcred', () => leads);
    expect(await metrics.text()).to.include('leader_election_master_status{name="regcred"} 0');
    leads = true;
    expect(await metrics.text()).to.include('leader_election_master_status{name="regcred"} 1');
  });

  it('of two operators in one process do not mix', async () => {
    const [one, other] = [create(), create()];
    one.observeReconcile({ controller: 'namespace', result: 'success', seconds: 1 });
    expect(await other.text()).not.to.include('controller="namespace"');
  });

  it('tell about the process and the version too', async () => {
    expect(await create().text())
      .to.include('process_resident_memory_bytes')
      .and.include('regcred_build_info{version="1.2.3"} 1');
  });
});
