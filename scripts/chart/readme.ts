// The chart's README: what is written by hand, and the table of values.

import type { Value } from './values.ts';

/** Characters; a longer default is looked up in values.yaml. */
const LONGEST_DEFAULT = 60;

export function readmeOf(values: readonly Value[], command: string): string {
  const rows = values.filter(({ isGroup }) => !isGroup).map(rowOf);
  const widths = ['value', 'default', 'what it does'].map((title, column) =>
    Math.max(title.length, ...rows.map(row => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map(width => '-'.repeat(width)).join(' | ')} |`;
  return [
    `<!-- Written by \`${command}\` from values.yaml and scripts/chart/readme.ts: change it there. -->`,
    '',
    INTRODUCTION,
    '',
    line(['value', 'default', 'what it does']),
    rule,
    ...rows.map(line),
    '',
  ].join('\n');
}

function rowOf({ path, description, fallback }: Value): string[] {
  const written = JSON.stringify(fallback);
  const shown = written.length > LONGEST_DEFAULT ? 'see values.yaml' : `\`${written}\``;
  return [`\`${path}\``, shown, description.replaceAll('|', '\\|')];
}

const INTRODUCTION = `# Helm chart of the RegistryCredential operator

For Helm 3 and 4. How to install, upgrade and uninstall with it, and what happens to the logins then:
[docs/install.md](../../docs/install.md).

\`\`\`sh
helm install regcred charts/regcred -n regcred-system --create-namespace --set image.repository=HOST/regcred
\`\`\`

Its objects have the same names in every installation, for there can be one operator in a cluster. They are those of
\`manifests/\`, and a test compares the two (\`e2e/chart/chart-manifests.e2e.ts\`). \`values.schema.json\` refuses what is not on this
list, and what is left empty (\`key:\`, with which Helm takes the default away) unless the default is empty too, or it is
\`resources\`. For nothing write
\`[]\`, \`{}\` or \`""\`.

## Values`;
