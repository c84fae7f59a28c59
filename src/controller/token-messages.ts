// What is said of a token whose source does not fail, and which is not well all the same.

export const LATE =
  'its renewal waits for its turn, for many sources do not answer: see in status, or by regcred_source_fetch_total, which of them fail';

export const SHORT_LIVED =
  'its logins live for less than two minutes, and none is fetched sooner than a minute after the last one: have the source give longer ones, an hour is usual; or, if it does, compare the clocks of the node and of the source';
