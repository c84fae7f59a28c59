// Waits for what comes in seconds, or minutes at most: a series must not hang because of one run.

/** Seconds; 10,000 namespaces on a busy machine took less. */
const LONGEST = 900;

/** The first of them, or an error when none has come. */
export async function patiently<T>(what: string, ...awaited: readonly Promise<T>[]): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`waited ${LONGEST} s in vain: ${what}`)), LONGEST * 1000);
  try {
    return await Promise.race([...awaited, promise]);
  } finally {
    clearTimeout(timer);
  }
}
