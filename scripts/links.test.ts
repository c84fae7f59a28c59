import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { anchorsOf, brokenLinks, linksOf } from './links.ts';

describe('a link', () => {
  it('of our documents leads to a file or a heading that is there', function () {
    this.timeout(20_000);
    expect(brokenLinks()).to.deep.equal([]);
  });

  it('leads to every document, from another one', () => {
    const folder = new URL('../docs/', import.meta.url);
    const documents = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file =>
      /^(?!adr\/).*\.md$/.test(file),
    );
    const linked = ['../README.md', ...documents].flatMap(document => {
      const from = new URL(document, folder);
      const targets = linksOf(readFileSync(from, 'utf8')).filter(target => !/^[a-z]+:|^#/.test(target));
      return targets
        .map(target => new URL(target.replace(/#.*/, ''), from).href)
        .filter(href => href !== from.href);
    });
    const alone = documents.filter(document => {
      const { href } = new URL(document, folder);
      return !linked.includes(href) && !linked.includes(href.replace(/\/[^/]*$/, ''));
    });
    expect(alone).to.deep.equal([]);
  });

  it('is found where it is one, and not in code', () => {
    const text =
      'See [a](a.md), ![b](b.svg "B") and\n[c]: c.md\n`[d](d.md)`\n```\n[e](e.md)\n```\n[f](<f.md>)';
    expect(linksOf(text)).to.have.members(['a.md', 'b.svg', 'f.md', 'c.md']);
  });

  it('finds headings by the names that GitHub gives them', () => {
    const text =
      '# A `code` & more\n## Verified: what the *registries* say\n## Twice\n## Twice\n```\n# none\n```';
    expect(anchorsOf(text)).to.deep.equal([
      'a-code--more',
      'verified-what-the-registries-say',
      'twice',
      'twice-1',
    ]);
  });

  it('that leads nowhere is named, with why', () => {
    const root = mkdtempSync(join(tmpdir(), 'regcred-links-'));
    try {
      mkdirSync(join(root, 'docs'));
      writeFileSync(
        join(root, 'docs/a.md'),
        '# A\n[ok](#a) [x](b.md) [y](#b) [z](../../etc/passwd) [h](http://example.com) [n](https://nowhere) [k](https://example.com) `code.ts` `src/none.ts`',
      );
      writeFileSync(join(root, 'code.ts'), '// docs/a.md#a, docs/b.md, docs/a.md#c');
      expect(brokenLinks(root)).to.have.members([
        'docs/a.md: b.md is not there',
        'docs/a.md: #b is no heading there',
        'docs/a.md: ../../etc/passwd leads out of the repository',
        'docs/a.md: http://example.com is not https',
        'docs/a.md: https://nowhere has no host',
        'docs/a.md: src/none.ts is no file',
        'code.ts: /docs/b.md is not there',
        'code.ts: /docs/a.md#c is no heading there',
      ]);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});
