import { expect } from 'chai';
import { crd } from '../../src/api/crd.ts';
import { exampleOf, samples } from './examples.ts';
import { apiReference } from './page.ts';

/** The same selector in another place: its example stands there. */
const SHOWN_ELSEWHERE = /^spec\.serviceAccounts\.selector\./;

describe('the API reference', () => {
  const page = apiReference(crd, samples());
  const schema = crd.spec.versions[0].schema.openAPIV3Schema;

  it('describes every field, with its bounds, its default and what it has to be one of', () => {
    const fields = [...fieldsIn(schema)];
    expect(fields.length).to.be.greaterThan(80);
    for (const { path, field } of fields) {
      const line = lineOf(page, path);
      if (field.description) expect(unescaped(line), path).to.contain(field.description);
      for (const bound of [
        field.maxLength,
        field.maxItems,
        field.minItems,
        field.maxProperties,
        field.minimum,
      ])
        if (bound !== undefined) expect(line, path).to.match(new RegExp(`\\b${bound}\\b`));
      if (field.default !== undefined)
        expect(line, path).to.contain(`default \`${JSON.stringify(field.default)}\``);
      for (const word of field.enum ?? []) expect(line, path).to.contain(`\`${word}\``);
    }
  });

  it('says which fields are required', () => {
    for (const { path, required } of fieldsIn(schema))
      expect(lineOf(page, path).includes(', required'), path).to.equal(required);
  });

  it('quotes every refusal of the schema', () => {
    const said = unescaped(page);
    const rules = JSON.stringify(schema).match(/"rule":/g) ?? [];
    const messages = [...messagesIn(schema)];
    expect(messages.length).to.be.greaterThan(rules.length);
    for (const message of messages) expect(said).to.contain(message);
  });

  it('has an example from a sample for every field of the spec', () => {
    const without = [...fieldsIn(schema)]
      .map(({ path }) => path)
      .filter(path => path.startsWith('spec.') && !SHOWN_ELSEWHERE.test(path))
      .filter(path => exampleOf(path, samples()) === undefined);
    expect(without, 'a sample in manifests/samples should write them').to.deep.equal([]);
  });

  it('links to sections that are there', () => {
    const anchors = [...page.matchAll(/^## (.*)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    );
    for (const [, anchor] of page.matchAll(/\]\(#([^)]*)\)/g)) expect(anchors).to.contain(anchor);
  });
});

interface Field {
  readonly path: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever a schema may have
  readonly field: any;
  readonly required: boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: likewise
function* fieldsIn(schema: any, path = ''): Generator<Field> {
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const full = path === '' ? name : `${path}.${name}`;
    if (path !== '') yield { path: full, field, required: (schema.required ?? []).includes(name) };
    yield* fieldsIn(field, full);
  }
  if (schema.items) yield* fieldsIn(schema.items, `${path}[]`);
}

/** Texts that end in a colon or a question mark outside are CEL, the others what is said. */
// biome-ignore lint/suspicious/noExplicitAny: likewise
function* messagesIn(value: any): Generator<string> {
  if (value === null || typeof value !== 'object') return;
  if (typeof value.rule === 'string') {
    if (value.messageExpression === undefined) yield value.message;
    else
      for (const line of value.messageExpression.split('\n')) {
        const said = /^\s*'(.*)'(?: :)?$/.exec(line)?.[1];
        if (said !== undefined) yield said.replaceAll("\\'", "'");
      }
    return;
  }
  for (const inside of Object.values(value)) yield* messagesIn(inside);
}

/** The longest heading under which it can stand, and its line there. */
function lineOf(page: string, path: string): string {
  for (const section of page.split(/^## /m).slice(1)) {
    const [title = '', ...lines] = section.split('\n');
    const found = lines.find(line => line.startsWith('- **`') && `${title}.${line.split('`')[1]}` === path);
    if (found !== undefined) return found;
  }
  throw new Error(`docs/api.md does not describe ${path}`);
}

const unescaped = (text: string): string => text.replace(/\\(.)/g, '$1');
