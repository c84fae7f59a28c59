// What a test or the demo needs of a Kubernetes cluster, however it came about. Everything that was
// started for it ends with it: normally, on an exception, on Ctrl-C, and on kill -9 of this process.

import type { ControlPlanePrograms } from './control-plane-programs.ts';
import type { Watchdog } from './watchdog.ts';

export interface Cluster {
  /** bare: etcd, kube-apiserver, kube-controller-manager and no node; existing: somebody else's, left running. */
  readonly way: 'bare' | 'kind' | 'existing';
  /** Path of an admin kubeconfig. */
  readonly kubeconfig: string;
  /** https://host:port of the API server. */
  readonly server: string;
  /** Path of kubectl. */
  readonly kubectl: string;
  /** A temporary folder that goes when the cluster goes. */
  readonly folder: string;
  /** JSON lines, one per request: only with `audit: true` on a bare control plane. */
  readonly auditLog?: string;
  /** Runs further programs that must not outlive the cluster, such as the operator. */
  readonly watchdog: Watchdog;
  /** Only of a bare one. */
  readonly controlPlane?: ControlPlanePrograms;
  stop(): Promise<void>;
}

export interface ClusterOptions {
  /** An existing cluster. The current context of the user's own kubeconfig is never taken unasked. */
  readonly kubeconfig?: string | undefined;
  /** What to take when both are possible. Programs that are built already count as no effort. */
  readonly prefer?: 'bare' | 'kind';
  /** Ask the API server for an audit log (level Metadata). */
  readonly audit?: boolean;
  /** Further flags of kube-apiserver, bare control plane only. */
  readonly apiServerFlags?: readonly string[];
  /** Where progress goes: one line each. Default: stderr. */
  readonly progress?: (line: string) => void;
}
