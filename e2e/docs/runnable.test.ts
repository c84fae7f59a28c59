import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { blocksIn } from './runnable.ts';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');

describe('a runnable block', () => {
  it('is found with its line, and others are left out', () => {
    const text = '# A\n```sh\nrm -rf /\n```\n\n```sh runnable\ntrue\nfalse\n```\n';
    expect(blocksIn('a.md', text)).to.deep.equal([{ title: 'a.md, line 6', commands: 'true\nfalse\n' }]);
  });

  it('is refused when it is of another language', () => {
    expect(() => blocksIn('a.md', '```yaml runnable\na: b\n```\n')).to.throw('a.md, line 1');
  });

  it('stands only in documents whose blocks a test runs', () => {
    const tests = readdirSync(new URL('e2e/docs', ROOT)).filter(file => file.endsWith('.e2e.ts'));
    const run = tests.map(file => read(`e2e/docs/${file}`)).join('\n');
    const documents = ['.', 'docs', 'docs/sources', 'charts/regcred'].flatMap(documentsIn);
    const marked = documents.filter(document => blocksIn(document, read(document)).length > 0);
    expect(marked).not.to.be.empty;
    for (const document of marked)
      expect(run.includes(`'${document}'`), `a test runs ${document}`).to.equal(true);
  });
});

function documentsIn(folder: string): string[] {
  try {
    const files = readdirSync(new URL(folder, ROOT)).filter(file => file.endsWith('.md'));
    return files.map(file => (folder === '.' ? file : `${folder}/${file}`));
  } catch {
    return [];
  }
}
