// Requests to the API server, as client-go counts them.

import type { Registry } from 'prom-client';
import type { RequestSample } from '../kube/client.ts';
import { countersOf, histogramsOf, perKey } from './series.ts';

const BUCKETS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];

export function requestMetrics(register: Registry): (sample: RequestSample) => void {
  const total = countersOf(register, {
    name: 'rest_client_requests_total',
    help: 'Requests to the API server by status code, method and host; "<error>" when there was no answer.',
    labelNames: ['code', 'method', 'host'],
  });
  const duration = histogramsOf(
    register,
    {
      name: 'rest_client_request_duration_seconds',
      help: 'Time from sending a request to having its answer (a watch: until it is open), in seconds.',
      labelNames: ['verb', 'host'],
    },
    BUCKETS,
  );
  const byHost = perKey((host: string) =>
    perKey((method: string) => ({
      time: duration(method, host),
      byCode: perKey((code: string) => total(code, method, host)),
    })),
  );
  return ({ method, host, code, seconds }) => {
    const { time, byCode } = byHost(host)(method);
    byCode(code).value += 1;
    time.observe(seconds);
  };
}
