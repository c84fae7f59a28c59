import { expect } from 'chai';
import { matches, refusal } from './cel-rule.ts';

describe('refusal', () => {
  const { rule, messageExpression } = refusal('write a word', [
    { when: "self == ''", say: 'it is empty' },
    { when: "self.contains(' ')", say: "it's two words" },
  ]);

  it('refuses when any of the mistakes was made', () => {
    expect(rule).to.equal("!(self == '') &&\n!(self.contains(' '))");
  });

  it('says what is wrong by the first mistake that was made', () => {
    expect(messageExpression).to.equal("self == '' ?\n  'it is empty' :\n'it\\'s two words'");
  });

  it('keeps the backslashes of a pattern', () => {
    expect(matches('self', '^\\s$')).to.equal("self.matches(r'^\\s$')");
  });
});
