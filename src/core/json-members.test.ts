import { expect } from 'chai';
import { describe, it } from 'mocha';
import { outermostNames } from './json-members.ts';

const NAMES: Record<string, readonly [json: string, ...names: string[]]> = {
  'each member of an object is named, in its order': ['{"a":1,"b":"x"}', 'a', 'b'],
  'a name that is there twice is named twice': ['{"a":1,"a":2}', 'a', 'a'],
  'space before the colon does not matter': ['{ "a" \t\r\n : 1 , "b" : 2 }', 'a', 'b'],
  'an escaped name is named as it reads': ['{"\\u0061\\"\\\\":1}', 'a"\\'],
  'a string that is a value is no name': ['{"a":"b","c":["d",":"]}', 'a', 'c'],
  'what looks like a name within a string is none': ['{"a":"\\",\\"b\\":1","c":"{:"}', 'a', 'c'],
  'members of inner objects are not named': ['{"a":{"b":1},"c":[{"d":1}]}', 'a', 'c'],
  'a list has none, nor has a string': ['["a",{"b":1}]'],
  'an empty object has none': ['{}'],
  '__proto__ is a name like any other': ['{"__proto__":1,"__proto__":2}', '__proto__', '__proto__'],
};

describe('outermostNames', () => {
  for (const [title, [json, ...names]] of Object.entries(NAMES)) {
    it(title, () => {
      expect(outermostNames(json)).to.deep.equal(names);
    });
  }
});
