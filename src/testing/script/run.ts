// Runs a script of requests and writes down what was answered, without what differs
// from one cluster to the next: times, uids, resourceVersions.

import { ApiError } from '../../kube/errors.ts';
import type { KubeClient, KubeObject } from '../../kube/kube-client.ts';
import type { ScriptedRequest, Step } from './requests.ts';

export interface Answer {
  readonly says: string;
  /** Status code, then the reason of a refusal. */
  readonly answer: string;
  /** The message of a refusal, or the object, or the Status of a delete. */
  readonly content: unknown;
  /** The request made a new resourceVersion of the object that was seen before. */
  readonly changed: boolean;
}

const UID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Resolves when the answer counts everywhere: an API server's policies read from caches. */
export type Settled = (request: ScriptedRequest) => Promise<void>;

export async function runScript(
  client: KubeClient,
  steps: readonly Step[],
  operator = client,
  settled: Settled = async () => {},
): Promise<Answer[]> {
  const answers: Answer[] = [];
  let last: KubeObject = { metadata: { name: '', uid: '', resourceVersion: '' } };
  for (const [says, requested] of steps) {
    const { as, ...request } = requested(last);
    try {
      const { status, body } = await (as === undefined ? client : operator).request<KubeObject>(request);
      const isObject = body.kind !== 'Status';
      const changed = isObject && body.metadata.resourceVersion !== last.metadata.resourceVersion;
      answers.push({ says, answer: String(status), content: comparable(body), changed });
      if (isObject) last = body;
      await settled(request);
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure;
      const { code, reason, causes } = failure;
      const message = failure.message.replace(UID, 'UID').replace(/record \(\d+\)/, 'record (N)');
      // The real one says some things twice.
      const content = { message, causes: [...new Set(causes)] };
      answers.push({ says, answer: `${code} ${reason}`.trim(), content, changed: false });
    }
  }
  return answers;
}

function comparable(body: KubeObject): object {
  if (body.kind === 'Status') return JSON.parse(JSON.stringify(body).replace(UID, 'UID')) as object;
  const {
    uid: _,
    resourceVersion: __,
    creationTimestamp,
    deletionTimestamp,
    managedFields,
    ...metadata
  } = body.metadata;
  const owners = (managedFields ?? []).map(({ manager, operation, subresource, fieldsV1 }) => {
    const name = [manager, operation, subresource].filter(part => part !== undefined).join('/');
    return [name, withoutStatusDetail(fieldsV1 ?? {})];
  });
  const { deletionGracePeriodSeconds: ___, ...rest } = metadata as typeof metadata & {
    deletionGracePeriodSeconds?: number;
  };
  return {
    ...body,
    metadata: {
      ...rest,
      owners: Object.fromEntries(owners),
      created: creationTimestamp !== undefined,
      deleting: deletionTimestamp !== undefined,
    },
  };
}

/** The fields of a status are many and nobody applies them: that it is owned is enough. */
const withoutStatusDetail = (fields: Record<string, unknown>): object =>
  'f:status' in fields ? { ...fields, 'f:status': {} } : fields;
