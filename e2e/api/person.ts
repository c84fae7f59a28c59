// A person with few rights, as the API server knows people: by a name, and by what is bound to it.

import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { remove } from './admin.ts';
import { kubectl } from './kubectl.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';

export class Person {
  readonly name: string;
  readonly #made: string[] = [];

  constructor(what: string) {
    this.name = `${what}-${randomBytes(3).toString('hex')}`;
  }

  /** Like kubectl of the admin; `input` is not validated by kubectl, for that takes rights of its own. */
  kubectl(args: readonly string[], input?: object): Promise<string> {
    const validation = input ? ['--validate=false'] : [];
    return kubectl([...args, ...validation, `--as=${this.name}`, '--as-group=system:authenticated'], input);
  }

  async json(args: readonly string[]) {
    return JSON.parse(await this.kubectl([...args, '-o', 'json']));
  }

  /** The RBAC of the cluster says no. */
  async isForbidden(args: readonly string[], input?: object): Promise<void> {
    const said = await this.kubectl(args, input).then(
      () => 'it is allowed',
      (error: Error) => error.message,
    );
    expect(said, args.join(' ')).to.match(/ is forbidden: .* cannot /);
  }

  /** One of the roles of Kubernetes, such as admin or edit, in one namespace. */
  async hasRoleIn(namespace: string, role: string): Promise<void> {
    await kubectl([
      '-n',
      namespace,
      'create',
      'rolebinding',
      this.name,
      `--clusterrole=${role}`,
      `--user=${this.name}`,
    ]);
    this.#made.push(`${RBAC}/namespaces/${namespace}/rolebindings/${this.name}`);
  }

  /** In the whole cluster. */
  async may(verbs: string, resource: string): Promise<void> {
    await kubectl(['create', 'clusterrole', this.name, `--verb=${verbs}`, `--resource=${resource}`]);
    await kubectl([
      'create',
      'clusterrolebinding',
      this.name,
      `--clusterrole=${this.name}`,
      `--user=${this.name}`,
    ]);
    this.#made.push(`${RBAC}/clusterroles/${this.name}`, `${RBAC}/clusterrolebindings/${this.name}`);
  }

  async leave(): Promise<void> {
    for (const path of this.#made) await remove(path);
  }
}

/** Until a new right is obeyed: an API server takes a moment. */
export async function untilAllowed(person: Person, args: readonly string[]): Promise<void> {
  const can = ['auth', 'can-i', ...args];
  for (let look = 0; look < 100; look += 1)
    if ((await person.kubectl(can).catch(() => 'no')).trim() === 'yes') return;
  throw new Error(`${person.name} never got the right: ${args.join(' ')}`);
}
