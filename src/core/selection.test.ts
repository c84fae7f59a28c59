// Which namespaces and ServiceAccounts a RegistryCredential is for, labels that keep
// out included.

import { expect } from 'chai';
import { account, namespace } from '../testing/views.ts';
import { selectsNamespace, selectsServiceAccount } from './selection.ts';

const DEFAULT = { matchLabels: { 'regcred.dev/sync': 'true' } };
const ALL = {};

describe('a namespace is selected', () => {
  const rows: Record<string, [ReturnType<typeof namespace>, selector: object, boolean]> = {
    'when it opts in': [namespace('apps').optedIn(), DEFAULT, true],
    'not when it does not': [namespace('apps'), DEFAULT, false],
    'not by another value of the label': [
      namespace('apps').labelled({ 'regcred.dev/sync': 'yes' }),
      DEFAULT,
      false,
    ],
    'by a selector of all': [namespace('apps'), ALL, true],
    'not by a selector of all when it opts out': [namespace('apps').optedOut(), ALL, false],
    'not while it terminates': [namespace('apps').optedIn().going(), ALL, false],
    'not when it is the one of the operator': [namespace('regcred-system').optedIn(), ALL, false],
    'not when it is kube-system': [namespace('kube-system'), ALL, false],
    'not when it is kube-public': [namespace('kube-public'), ALL, false],
    'not when it is kube-node-lease': [namespace('kube-node-lease'), ALL, false],
    'when kube-system opts in itself': [namespace('kube-system').optedIn(), ALL, true],
    'not when kube-system has another label that matches': [
      namespace('kube-system').labelled({ team: 'a' }),
      { matchLabels: { team: 'a' } },
      false,
    ],
    'when it is called like a system namespace, but is none': [namespace('kube-apps'), ALL, true],
  };
  for (const [sentence, [one, selector, expected]] of Object.entries(rows))
    it(sentence, () => expect(selectsNamespace(selector, one, 'regcred-system')).to.equal(expected));
});

describe('a ServiceAccount is selected', () => {
  const selector = { matchLabels: { pulls: 'yes' } };
  const labelled = account('web').labelled({ pulls: 'yes' });
  const rows: Record<string, [ReturnType<typeof account>, selection: object | undefined, boolean]> = {
    'whatever it is called, when none is named': [account('web'), undefined, true],
    'by its name': [account('web'), { names: ['db', 'web'] }, true],
    'not by another name': [account('web'), { names: ['we', 'webs'] }, false],
    'by a pattern': [account('web'), { names: ['w*'] }, true],
    'by its labels': [labelled, { selector }, true],
    'by its labels, though it is not named': [labelled, { names: ['db'], selector }, true],
    'by its name, though its labels do not match': [account('db'), { names: ['db'], selector }, true],
    'by neither': [account('x'), { names: ['db'], selector }, false],
    'not when it opts out, even by name': [account('web').optedOut(), { names: ['web'] }, false],
    'not when it opts out of all': [account('web').optedOut(), undefined, false],
  };
  for (const [sentence, [one, selection, expected]] of Object.entries(rows))
    it(sentence, () => expect(selectsServiceAccount(selection, one)).to.equal(expected));
});
