// Why a pull fails, or which login it will take: the verdict first, then what it rests on. Pure: the same
// facts give the same explanation. The order of the chain is the order of what a person should mend first.

import { fromBefore, isStatic, withoutAccount, withoutSecrets } from './account-causes.ts';
import { clip } from './clip.ts';
import { type Evidence, evidenceOf } from './evidence.ts';
import {
  cannotTell,
  isBroken,
  isDenied,
  isFound,
  isHeldBack,
  isLimited,
  isNeverPulled,
  isPulled,
  isRefused,
  isUnreachable,
  lacksImage,
  lacksLoginInEntry,
  lacksSecret,
  lacksSecretOfOthers,
  matchesNothing,
  passesOver,
} from './keyring-causes.ts';
import { fromOperator } from './operator-causes.ts';
import { type Cause, cause, isWell } from './pull-cause.ts';
import type { PullFacts } from './pull-facts.ts';
import { type Situation, situationOf } from './pull-situation.ts';
import type { RegistryAnswer } from './registry-answer.ts';

export interface Explanation extends Evidence {
  readonly verdict: Cause;
  /** What else is wrong, though it is not the cause. */
  readonly further: readonly Cause[];
}

type Check = (situation: Situation) => Cause | undefined;

/** No login matches: where one would come from. */
const WITHOUT_LOGIN: readonly Check[] = [
  situation =>
    isStatic(situation.facts) ? (lacksImage(situation) ?? withoutSecrets(situation.facts)) : undefined,
  ({ facts }) => withoutAccount(facts),
  ({ facts }) => fromBefore(facts),
  cannotTell,
  lacksSecretOfOthers,
  ({ facts }) => fromOperator(facts),
  lacksSecret,
  passesOver,
  lacksImage,
  matchesNothing,
];

const CHAIN: readonly Check[] = [
  isPulled,
  isBroken,
  isNeverPulled,
  isHeldBack,
  isLimited,
  isUnreachable,
  situation => (situation.lookup.tried.length > 0 ? undefined : first(WITHOUT_LOGIN, situation)),
  isRefused,
  isDenied,
  lacksImage,
  lacksLoginInEntry,
  isFound,
];

/** Beside a login that is found. */
const FURTHER: readonly Check[] = [lacksSecret, passesOver];

/** `asked`: what the registry itself was asked, and said. */
export function explain(facts: PullFacts, asked?: RegistryAnswer): Explanation {
  const situation = situationOf(facts, asked);
  const verdict = first(CHAIN, situation) ?? matchesNothing(situation);
  const further = FURTHER.flatMap(check => check(situation) ?? []).filter(
    ({ name }) => name !== verdict.name,
  );
  return { verdict, further, ...evidenceOf(situation) };
}

/** Characters; the API server takes any text for an image. */
const LONGEST_NAME = 300;

/** Of a pod whose image has a name that nobody can pull. */
export function explainBadName(
  image: string,
  message: string,
  { namespace, accountName }: Pick<PullFacts, 'namespace' | 'accountName'>,
): Explanation {
  const shown = clip(image, LONGEST_NAME);
  const verdict = cause('InvalidImageName', `"${shown}" is no image name: ${message}`);
  const nothing = { further: [], secrets: [], tried: [], others: [], unread: [] };
  return { verdict, image: shown, namespace, serviceAccount: accountName, ...nothing };
}

export const isProblem = ({ verdict }: Explanation): boolean => !isWell(verdict);

function first(checks: readonly Check[], situation: Situation): Cause | undefined {
  for (const check of checks) {
    const found = check(situation);
    if (found !== undefined) return found;
  }
  return undefined;
}
