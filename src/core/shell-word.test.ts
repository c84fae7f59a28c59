import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { shellWord } from './shell-word.ts';

describe('shellWord', () => {
  it('leaves a plain name as it is', () => {
    for (const name of ['regcred', 'a.b-c', '--docker-server=https://r.example:5000/v1/'])
      expect(shellWord(name)).to.equal(name);
  });

  it('is to a shell the one word that it was', () => {
    for (const text of [
      '',
      "it's",
      '$(id)',
      '`id`',
      'a b',
      '*',
      "'; id; '",
      '{"a":"b\'c"}',
      'a\nb',
      '\\',
      '!x',
    ])
      expect(execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`]).toString()).to.equal(text);
  });
});
