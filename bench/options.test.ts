import { expect } from 'chai';
import { parseCommandLine } from './options.ts';

describe("the benchmark's command line", () => {
  it('names a measure, and has defaults for the rest', () => {
    const { measure, options } = parseCommandLine(['rotate', '--namespaces', '300', '--minutes', '0.5']);
    expect(measure).to.equal('rotate');
    expect(options).to.include({ namespaces: 300, pairs: 10, parallel: 32, minutes: 0.5, accounts: 1 });
  });

  it('is refused with what was wrong', () => {
    const parse =
      (...args: string[]) =>
      () =>
        parseCommandLine(args);
    expect(parse('--pairs', '0')).to.throw('--pairs 0 will not do: a whole number of at least 1 is wanted');
    expect(parse('--namespaces', 'many')).to.throw('--namespaces many');
    expect(parse('--pairs', '1.5')).to.throw('--pairs 1.5');
    expect(parse('--pears', '3')).to.throw('--pears');
  });
});
