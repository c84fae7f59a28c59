// docs/security.md promises a reason for every right and a test for every claim: it is held against the manifests and the tests.

import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { grantedRights } from './granted-rights.ts';
import { cellsOf, rows } from './security-page.ts';

describe('docs/security.md', () => {
  it('has every right of the manifests with a reason, and none besides', async () => {
    const documented = rows('Every right');
    const inManifests = (await grantedRights()).map(cellsOf);
    expect(documented.map(cells => cells.slice(0, 4).join(' | ')).sort()).to.deep.equal(
      inManifests.map(cells => cells.join(' | ')).sort(),
    );
    for (const cells of documented) expect(cells[4], cells.join(' | ')).to.match(/\w/);
    expect(new Set(inManifests.map(([where]) => where))).to.include(`\`${OPERATOR_NAMESPACE}\``);
  });

  it('names for every claim a test that is there', () => {
    const claims = rows('Who reaches what');
    expect(claims.length).to.be.greaterThan(30);
    for (const [claim, by = ''] of claims) {
      const [, file, title] = /^`([\w-]+\.e2e\.ts)`: "(.*)"$/.exec(by) ?? [];
      expect(file, `the test of: ${claim}`).to.be.a('string');
      const text = readFileSync(new URL(`./${file}`, import.meta.url), 'utf8');
      expect(text.includes(`'${title}'`) || text.includes(`"${title}"`), `${file}: ${title}`).to.equal(true);
    }
  });
});
