// What the script leaves behind, where codes alone would not tell: owners, generations,
// and writes that are none. The end-to-end half compares all of it with a real server.

import { expect } from 'chai';
import { FakeApiServer } from '../fake-api-server.ts';
import { type Answer, runScript } from './run.ts';
import { givenNamespace, namespaceStep, script } from './script.ts';

interface Shown {
  readonly metadata: {
    readonly generation?: number;
    readonly annotations?: object;
    readonly owners: Record<string, object>;
  };
  readonly type?: string;
}

describe('what a script of requests leaves in the in-memory API server', () => {
  let answers: Answer[];

  before(async () => {
    const server = new FakeApiServer();
    server.given(givenNamespace);
    answers = await runScript(server.client('scripted'), [namespaceStep, ...script]);
  });

  const shown = (says: string): Shown => answers.find(answer => answer.says === says)?.content as Shown;
  const owners = (says: string): Record<string, object> => shown(says).metadata.owners;

  it('is no new resourceVersion where nothing changed', () => {
    const same = answers.filter(answer => !answer.changed && answer.answer === '200').map(({ says }) => says);

    expect(same).to.include.members([
      'the same apply changes nothing',
      'the same merge patch changes nothing',
      'the same status changes nothing',
      'a second delete changes nothing',
    ]);
    expect(same).to.not.include('the same value is shared');
  });

  it('is a generation for a changed spec and for the deletion, for nothing else', () => {
    const generation = (says: string) => shown(says).metadata.generation;

    expect(generation('a status write leaves the rest alone')).to.equal(1);
    expect(generation('a changed spec is another generation, and leaves the status alone')).to.equal(2);
    expect(generation('a label is no other generation')).to.equal(2);
    expect(generation('a delete waits for the finalizer')).to.equal(3);
  });

  it('is shared ownership of equal values, and sole ownership after force', () => {
    const content = { 'f:data': { 'f:.dockerconfigjson': {} }, 'f:type': {} };

    expect(owners('the same value is shared')).to.have.all.keys('flux/Apply', 'regcred/Apply');
    expect(owners('force takes a field away')).to.deep.equal({
      'regcred/Apply': content,
      'flux/Apply': { 'f:metadata': { 'f:labels': { 'f:tier': {} } }, 'f:type': {} },
    });
  });

  it('is ownership that passes to whoever changes a value by hand', () => {
    expect(owners('a merge patch takes content away from its holder')).to.deep.include({
      'regcred/Apply': { 'f:type': {} },
      'alice/Update': { 'f:data': { 'f:.dockerconfigjson': {} } },
    });
  });

  it('is a foreign Secret as it was before, once we gave it back', () => {
    expect(shown('and is as before when we give it back')).to.deep.equal(shown('a POST creates'));
  });

  it("is a map with what is nobody's in it, until the last of its owners leaves it", () => {
    expect(shown("what is nobody's stays beside what is applied").metadata.annotations).to.deep.equal({
      'first.example/is': 'x',
      'third.example/is': 'x',
    });
    expect(shown('and goes with the last of them').metadata).to.not.have.property('annotations');
  });

  it('is an Opaque Secret where no type was given', () => {
    expect(shown('a Secret is Opaque by default').type).to.equal('Opaque');
  });
});
