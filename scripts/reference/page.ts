// docs/api.md: every field of the RegistryCredential, from the schema that the API server enforces.

import type { crd } from '../../src/api/crd.ts';
import type { Schema } from '../../src/api/schema.ts';
import { exampleOf, type Sample } from './examples.ts';
import { boundsOf, code, loose, refusalsOf, typeOf } from './fields.ts';

interface Section {
  readonly path: string;
  readonly schema: Schema;
}

export function apiReference(definition: typeof crd, samples: readonly Sample[]): string {
  const { group, scope, names, versions } = definition.spec;
  const [version] = versions;
  const { spec, status } = version.schema.openAPIV3Schema.properties;
  const columns = version.additionalPrinterColumns.map(
    column =>
      `- ${code(column.name.toUpperCase())}${'priority' in column ? ', with `-o wide`' : ''}: ${code(column.jsonPath)}`,
  );
  return `# API reference

Written by \`npm run generate\` from src/api: change it there.

\`apiVersion: ${group}/${version.name}\`, \`kind: ${names.kind}\`; ${scope.toLowerCase()}-scoped; \`kubectl get ${names.plural}\`, or
\`${names.shortNames[0]}\` for short. \`kubectl explain ${names.singular}.spec\` says the same. What the conditions and reasons of the status
mean: [status.md](status.md). What is refused is refused when it is written, with the words that stand here.

${[
  { path: 'spec', schema: spec as Schema },
  { path: 'status', schema: status as Schema },
]
  .flatMap(section => sectionsFrom(section))
  .map(section => rendered(section, samples))
  .join('\n\n')}

## Columns of kubectl get

${columns.join('\n')}
`;
}

/** One for each object that has more than one field; smaller ones stand where they are used. */
function sectionsFrom({ path, schema }: Section): Section[] {
  const inside = fieldsOf({ path, schema }).flatMap(field => {
    const object = objectOf(field);
    return object === undefined || isSmall(object.schema) ? [] : sectionsFrom(object);
  });
  return [{ path, schema }, ...inside];
}

function rendered(section: Section, samples: readonly Sample[]): string {
  const { path, schema } = section;
  const fields = fieldsOf(section).flatMap(field => withSmall(field));
  const lines = fields.map(field => line(field, section, samples));
  const refusals = refusalsOf(schema).map(message => `- ${prose(message)}`);
  return [
    `## ${path}`,
    ...(schema.description === undefined ? [] : [prose(schema.description)]),
    lines.join('\n'),
    ...(refusals.length === 0 ? [] : ['What is refused of it as a whole:', refusals.join('\n')]),
  ].join('\n\n');
}

interface Field extends Section {
  readonly required: boolean;
}

function fieldsOf({ path, schema }: Section): Field[] {
  const { properties = {}, required = [] } = loose(schema);
  return Object.entries(properties).map(([name, field]) => ({
    path: `${path}.${name}`,
    schema: field,
    required: required.includes(name),
  }));
}

/** The field, and those of the small object that it is. */
function withSmall(field: Field): Field[] {
  const object = objectOf(field);
  if (object === undefined || !isSmall(object.schema)) return [field];
  return [field, ...fieldsOf(object).flatMap(inside => withSmall(inside))];
}

/** What has fields of its own: the object, or the items of the list. */
function objectOf({ path, schema }: Section): Section | undefined {
  const { properties, items } = loose(schema);
  if (properties !== undefined) return { path, schema };
  return items && loose(items).properties ? { path: `${path}[]`, schema: items } : undefined;
}

const isSmall = (schema: Schema): boolean => Object.keys(loose(schema).properties ?? {}).length < 2;

function line(field: Field, section: Section, samples: readonly Sample[]): string {
  const { path, schema, required } = field;
  const { default: byDefault, items } = loose(schema);
  const facts = [
    typeOf(schema),
    ...boundsOf(schema),
    ...(required ? ['required'] : []),
    ...(byDefault === undefined ? [] : [`default ${code(JSON.stringify(byDefault))}`]),
  ].join(', ');
  const object = objectOf(field);
  const isElsewhere = object !== undefined && !isSmall(object.schema);
  const example = path.startsWith('spec') && !isElsewhere ? exampleOf(path, samples) : undefined;
  // Those of an object with a section of its own stand there; those of the list that it is an item of, here.
  const said = [
    ...(isElsewhere && object.schema === schema ? [] : [schema]),
    ...(items && !isElsewhere ? [items] : []),
  ];
  const refusals = said.flatMap(one => refusalsOf(one));
  return [
    `- **${code(path.slice(section.path.length + 1))}**: ${facts}. ${prose(schema.description ?? '')}`,
    ...(isElsewhere ? [`Its fields: [${object.path}](#${anchorOf(object.path)}).`] : []),
    ...(example
      ? [`In [${example.file}](../manifests/samples/${example.file}): ${code(example.value)}`]
      : []),
    ...refusals.map(message => `- Refused: ${prose(message)}`),
  ].join('\n  ');
}

/** As GitHub makes it of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');

/** Text of the schema in which nothing is Markdown. */
const prose = (text: string): string => text.replace(/[\\*<>[\]]/g, '\\$&');
