// What people see of Events: the objects, and what `kubectl describe` makes of them.

import { expect } from 'chai';
import { EVENT_NAMESPACE } from '../../src/kube/event-object.ts';
import { type AnyObject, read } from './admin.ts';
import { eventually } from './eventually.ts';
import { kubectl } from './kubectl.ts';

export const EVENTS_PATH = `/apis/events.k8s.io/v1/namespaces/${EVENT_NAMESPACE}/events`;

/** In the order in which they began. */
export async function eventsAbout(credential: string): Promise<AnyObject[]> {
  const { items } = await read(EVENTS_PATH);
  return (items as AnyObject[])
    .filter(({ regarding }) => regarding.kind === 'RegistryCredential' && regarding.name === credential)
    .sort((a, b) => (a.eventTime < b.eventTime ? -1 : 1));
}

/** `event` as in "Warning SourceFailed"; resolves to the last one, once there is one. */
export const isTold = (credential: string, event: string): Promise<AnyObject> =>
  eventually(`${credential} tells ${event}`, async () => {
    const events = await eventsAbout(credential);
    const last = events.findLast(({ type, reason }) => `${type} ${reason}` === event);
    if (last === undefined)
      throw new Error(`it tells ${events.map(({ type, reason }) => `${type} ${reason}`)}`);
    return last;
  });

/** The rows below "Events:" without their age, as "Normal Synced regcred.dev/operator 1 of 1 …". */
export async function describedEvents(credential: string): Promise<string[]> {
  const text = await kubectl(['describe', 'registrycredential', credential]);
  const [, rows = ''] = text.split(/^Events:\s*/m);
  const age = /^(\S+ \S+) (?:<unknown>|\S+)(?: \(x\d+ over \S+\))? (.*)$/;
  return rows
    .split('\n')
    .map(row => row.trim().replace(/\s+/g, ' ').replace(age, '$1 $2'))
    .filter(row => /^(?:Normal|Warning) /.test(row));
}

/** Resolves to the whole row that begins so. */
export const isDescribed = (credential: string, beginning: string): Promise<string> =>
  eventually(`kubectl describe ${credential} has ${beginning}`, async () => {
    const rows = await describedEvents(credential);
    const row = rows.find(one => one.startsWith(beginning));
    expect(row, rows.join('\n')).not.to.equal(undefined);
    return row ?? '';
  });
