// The health check of docs/gitops.md, run as Argo CD runs it: a piece of Lua that finds the object as `obj`.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { outputOf } from '../cluster/program-output.ts';
import { section } from './runnable.ts';

const KEY = 'resource.customizations.health.regcred.dev_RegistryCredential';

export interface Health {
  readonly status: string;
  readonly message: string;
}

export async function healthOf(lua: string, object: object, folder: string): Promise<Health> {
  const [block] = await section('docs/gitops.md', '## Health in Argo CD');
  const check = parse(block?.commands ?? '').data[KEY];
  const program = join(folder, 'health.lua');
  const said = 'local said = check()\nprint(said.status)\nprint(said.message)\n';
  await writeFile(program, `obj = ${table(object)}\nfunction check()\n${check}\nend\n${said}`);
  const [status = '', ...message] = (await outputOf({ title: 'glua', command: lua, args: [program] })).split(
    '\n',
  );
  return { status, message: message.join('\n').trim() };
}

/** A value as a Lua expression. */
function table(value: unknown): string {
  if (value === null || value === undefined) return 'nil';
  if (Array.isArray(value)) return `{ ${value.map(table).join(', ')} }`;
  if (typeof value !== 'object') return typeof value === 'string' ? quoted(value) : String(value);
  const fields = Object.entries(value).map(([key, inside]) => `[${quoted(key)}] = ${table(inside)}`);
  return `{ ${fields.join(', ')} }`;
}

const quoted = (text: string): string => `"${text.replace(/[\\"\n]/g, '\\$&')}"`;
