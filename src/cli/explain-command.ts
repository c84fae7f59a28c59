// kubectl regcred explain: which login the kubelet will use for an image, or why the pull of a pod fails.

import { NAMESPACES_PATH } from '../controller/paths.ts';
import { type Explanation, explain, explainBadName, isProblem } from '../core/explanation.ts';
import { parseImage } from '../core/image-reference.ts';
import type { PullFacts } from '../core/pull-facts.ts';
import { createRedactor } from '../redactor.ts';
import type { ClusterReader } from './cluster-reader.ts';
import { explanationText } from './explain-text.ts';
import { CommandError, EXIT, type ExitCode } from './failure.ts';
import { type Output, printedForScripts } from './output.ts';
import { type KubePod, pullsOf } from './pod.ts';
import { factsOf, readSurroundings } from './pull-reader.ts';
import { type Check, checkLogins } from './registry-check.ts';

export interface ExplainRequest {
  readonly image: string | undefined;
  readonly pod: string | undefined;
  readonly serviceAccount: string | undefined;
  readonly showUser: boolean;
  /** Ask the registry; undefined: do not. */
  readonly check: Check | undefined;
  readonly namespace: string;
  readonly operatorNamespace: string;
}

export async function explainCommand(
  request: ExplainRequest,
  reader: ClusterReader,
  output: Output,
): Promise<ExitCode> {
  const explanations = await explanationsFor(request, reader);
  const items = request.showUser ? explanations : explanations.map(withoutUsers);
  if (!(await printedForScripts(output, { items })))
    output.print(items.map(one => explanationText(one, output, { user: request.showUser })).join('\n\n'));
  return explanations.some(isProblem) ? EXIT.problem : EXIT.ok;
}

/** Before the cluster is asked: what is wrong with the words alone. */
export function checkExplain({
  image,
  pod,
  serviceAccount,
}: Omit<ExplainRequest, 'namespace' | 'check'>): void {
  const refuse = (message: string): never => {
    throw new CommandError(message, EXIT.usage);
  };
  if (image === undefined && pod === undefined)
    refuse('name an image, or a pod with --pod: see explain --help');
  if (image !== undefined && pod !== undefined)
    refuse('name an image or a pod, not both: the pod says its images');
  if (pod !== undefined && serviceAccount !== undefined)
    refuse('the pod says its ServiceAccount: leave --serviceaccount out');
  const parsed = image === undefined ? undefined : parseImage(image);
  if (parsed?.ok === false) refuse(`"${image}" is no image name: ${parsed.message}`);
}

async function explanationsFor(request: ExplainRequest, reader: ClusterReader): Promise<Explanation[]> {
  const { image = '', pod, namespace, operatorNamespace, serviceAccount = 'default' } = request;
  if (pod !== undefined) return ofPod(pod, request, reader);
  const parsed = parseImage(image);
  if (!parsed.ok) throw new CommandError(`"${image}" is no image name: ${parsed.message}`, EXIT.usage);
  const place = { namespace, operatorNamespace, accountName: serviceAccount, pullSecrets: [] };
  return [await explained(factsOf(await readSurroundings(reader, place), parsed.image), request, reader)];
}

async function ofPod(name: string, request: ExplainRequest, reader: ClusterReader): Promise<Explanation[]> {
  const { namespace, operatorNamespace } = request;
  const inNamespace = `${NAMESPACES_PATH}/${encodeURIComponent(namespace)}`;
  const fieldSelector = `involvedObject.kind=Pod,involvedObject.name=${name}`;
  const [pod, events] = await Promise.all([
    reader.get(`${inNamespace}/pods/${encodeURIComponent(name)}`),
    reader.list(`${inNamespace}/events`, { fieldSelector }),
  ]);
  if (pod.state === 'absent') throw new CommandError(`there is no pod ${namespace}/${name}`);
  if (pod.state === 'unread') throw new CommandError(`could not read pod ${namespace}/${name}: ${pod.why}`);
  const { redact } = createRedactor();
  const pulls = pullsOf(pod.value as KubePod, events.state === 'read' ? events.value : [], redact);
  const accountName = (pod.value as KubePod).spec.serviceAccountName ?? 'default';
  const pullSecrets = pulls[0]?.pod.pullSecrets ?? [];
  const around = await readSurroundings(reader, { namespace, operatorNamespace, accountName, pullSecrets });
  const found = pulls.map(async ({ image, pod: facts }) => {
    const parsed = parseImage(image);
    return parsed.ok
      ? explained(factsOf(around, parsed.image, facts), request, reader)
      : explainBadName(image, parsed.message, around);
  });
  return (await Promise.all(found)).map(one => {
    return events.state === 'unread'
      ? { ...one, unread: [...one.unread, `Events of pod ${namespace}/${name} (${events.why})`] }
      : one;
  });
}

async function explained(
  facts: PullFacts,
  { check }: ExplainRequest,
  reader: ClusterReader,
): Promise<Explanation> {
  if (check === undefined) return explain(facts);
  const { said, answer } = await checkLogins(facts, reader, check);
  const explanation = explain(facts, answer);
  const tried = explanation.tried.map((line, at) => {
    const checked = said[at];
    return checked === undefined ? line : { ...line, checked };
  });
  return { ...explanation, tried };
}

const withoutUsers = (explanation: Explanation): Explanation => ({
  ...explanation,
  tried: explanation.tried.map(withoutUser),
  others: explanation.others.map(withoutUser),
});

const withoutUser = <T extends { readonly user?: string }>({ user: _, ...line }: T): Omit<T, 'user'> => line;
