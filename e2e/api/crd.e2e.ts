// The CRD as a user meets it: defaults, changes, columns, kubectl explain, and the bounds of status.

import { expect } from 'chai';
import { MAX_MESSAGE } from '../../src/api/bounds.ts';
import { crd } from '../../src/api/crd.ts';
import { PLURAL } from '../../src/api/names.ts';
import type { ObjectSchema, Schema } from '../../src/api/schema.ts';
import type { RegistryCredentialStatus } from '../../src/api/types.ts';
import { admitted, credential, installCrd, LEAST, SECRET } from './admission.ts';
import { kubectl } from './kubectl.ts';
import { stopOperator } from './operator.ts';

const NAME = 'crd-e2e';
const time = '2026-01-02T03:04:05Z';

const status = (message: string): RegistryCredentialStatus => ({
  observedGeneration: 1,
  conditions: [
    {
      type: 'Ready',
      status: 'True',
      reason: 'Synced',
      message,
      lastTransitionTime: time,
      observedGeneration: 1,
    },
  ],
  registries: [{ server: 'r.example.com', source: 'basic', expiresAt: time, message }],
  namespaces: { selected: 12, synced: 11, failed: 1, summary: '11/12' },
  serviceAccounts: { selected: 30, attached: 29, summary: '29/30' },
  failures: [{ namespace: 'a', reason: 'ForeignSecret', message }],
  expiresAt: time,
});

const patch = (change: object, ...more: string[]): Promise<string> =>
  kubectl(['patch', PLURAL, NAME, '--type=merge', '-p', JSON.stringify(change), ...more]);

const failure = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'admitted',
    (error: Error) => error.message,
  );

/** Every object in the schema with fields of its own, by its path for kubectl explain. */
function* objects(schema: Schema, path: string): Generator<[string, ObjectSchema]> {
  if ('items' in schema) yield* objects(schema.items, path);
  if (!('properties' in schema)) return;
  yield [path, schema];
  for (const [name, field] of Object.entries(schema.properties)) yield* objects(field, `${path}.${name}`);
}

const words = (text: string): string => text.replaceAll(/\s+/g, ' ');

describe('A RegistryCredential', () => {
  before(async () => {
    // It would write a status of its own.
    await stopOperator();
    await installCrd();
    // It selects no namespace and is suspended, should an operator be about.
    const nowhere = { namespaceSelector: { matchLabels: { [NAME]: 'nowhere' } }, suspend: true };
    await kubectl(['create', '-f', '-'], credential({ ...LEAST, ...nowhere }, NAME));
  });
  after(() => kubectl(['delete', PLURAL, NAME, '--ignore-not-found']));

  it('has its defaults filled in', async () => {
    expect((await admitted(LEAST)).spec).to.deep.equal({
      ...LEAST,
      secretName: 'regcred',
      namespaceSelector: { matchLabels: { 'regcred.dev/sync': 'true' } },
      deletionPolicy: 'Delete',
    });
  });

  it('keeps what it is given', async () => {
    const given = {
      ...LEAST,
      secretName: 'a',
      namespaceSelector: {},
      deletionPolicy: 'Orphan',
      suspend: false,
    };
    expect((await admitted(given)).spec).to.deep.equal(given);
  });

  it('cannot be changed into one that is refused', async () => {
    const dry = '--dry-run=server';
    const twice = { registries: [{ basic: SECRET }, { basic: SECRET }] };
    expect(await failure(patch({ spec: twice }, dry))).to.contain('for the same server');
    expect(await failure(patch({ spec: { secretName: 'A' } }, dry))).to.contain('write lower-case letters');
    expect(await failure(patch({ spec: { serviceAccounts: {} } }, dry))).to.contain(
      'write names or selector',
    );
    expect(await failure(patch({ spec: { secretName: 'other' } }, dry))).to.equal('admitted');
  });

  it('is shown in columns, with the reason of Ready when they are wide', async () => {
    await patch({ status: status('all is well') }, '--subresource=status');
    const rows = async (...options: string[]) =>
      (await kubectl(['get', 'regcred', NAME, ...options])).split('\n');
    const narrow = await rows();
    expect(narrow[0]?.split(/\s+/)).to.deep.equal(
      'NAME READY SECRET NAMESPACES SERVICEACCOUNTS EXPIRES AGE'.split(' '),
    );
    expect(narrow[1]).to.match(new RegExp(`^${NAME} +True +regcred +11/12 +29/30 +${time} +\\d+s`));
    expect((await rows('-o', 'wide'))[1]).to.match(/Synced +all is well$/);
  });

  it('takes a status as long as the bounds allow, and no longer', async () => {
    const write = (text: string) => failure(patch({ status: status(text) }, '--subresource=status'));
    expect(await write('ä'.repeat(MAX_MESSAGE))).to.equal('admitted');
    expect(await write('ä'.repeat(MAX_MESSAGE + 1))).to.contain(`may not be more than ${MAX_MESSAGE}`);
  });

  it('is explained by kubectl, field by field', async () => {
    for (const [path, schema] of objects(
      crd.spec.versions[0].schema.openAPIV3Schema as ObjectSchema,
      'registrycredential',
    )) {
      const explained = words(await kubectl(['explain', path]));
      expect(explained, path).not.to.contain('<no description>');
      for (const { description } of Object.values(schema.properties))
        expect(explained, path).to.contain(words(description));
    }
  });
});
