import { expect } from 'chai';
import { crd } from './crd.ts';
import type { ObjectSchema, Rule, Schema } from './schema.ts';

const version = crd.spec.versions[0];
const root = version.schema.openAPIV3Schema as ObjectSchema;

/** Everything in the schema by its path, the root left out. */
function* parts(schema: Schema, path = ''): Generator<[path: string, schema: Schema]> {
  if (path !== '') yield [path, schema];
  if ('properties' in schema)
    for (const [name, field] of Object.entries(schema.properties)) yield* parts(field, `${path}.${name}`);
  if ('items' in schema) yield* parts(schema.items, `${path}[]`);
  if ('additionalProperties' in schema) yield* parts(schema.additionalProperties, `${path}{}`);
}

const isBounded = (schema: Schema): boolean => {
  if (schema.type === 'string') return 'enum' in schema || schema.maxLength > 0;
  if (schema.type === 'array') return schema.maxItems > 0;
  if (schema.type === 'object') return 'properties' in schema || schema.maxProperties > 0;
  return true;
};

const all = [...parts(root)];
const failing = (holds: (schema: Schema, path: string) => boolean): string[] =>
  all.filter(([path, schema]) => !holds(schema, path)).map(([path]) => path);

describe('The CustomResourceDefinition', () => {
  it('has every field described by a sentence', () => {
    expect(failing(({ description }, path) => /[\]}]$/.test(path) || /^[A-Z{].*\.$/.test(description ?? '')))
      .to.be.empty;
  });

  it('bounds every string, list and map, those of status too', () => {
    expect(failing(isBounded)).to.be.empty;
  });

  it('says for every list how server-side apply merges it', () => {
    expect(failing(schema => schema.type !== 'array' || 'x-kubernetes-list-type' in schema)).to.be.empty;
  });

  it('requires no field that it does not have', () => {
    expect(
      failing(
        schema =>
          !('properties' in schema) || (schema.required ?? []).every(name => name in schema.properties),
      ),
    ).to.be.empty;
  });

  it('has a message without line breaks for every rule, and no credential can be in it', () => {
    const rules: Rule[] = all.flatMap(([, schema]) => schema['x-kubernetes-validations'] ?? []);
    expect(rules).to.have.lengthOf.above(10);
    for (const { message } of rules) expect(message).to.match(/^.+$/);
    for (const { messageExpression } of rules)
      if (messageExpression) expect(messageExpression).not.to.contain(' + ');
  });

  it('shows the columns of the documentation, and the rest with -o wide', () => {
    const wide = version.additionalPrinterColumns.filter(column => 'priority' in column);
    const narrow = version.additionalPrinterColumns.filter(column => !('priority' in column));
    const title = ({ name }: { name: string }): string => name.toUpperCase();
    expect(narrow.map(title)).to.deep.equal([
      'READY',
      'SECRET',
      'NAMESPACES',
      'SERVICEACCOUNTS',
      'EXPIRES',
      'AGE',
    ]);
    expect(wide.map(title)).to.deep.equal(['VERIFIED', 'REASON', 'MESSAGE']);
  });
});
