// Commands are shown to be pasted, and not every name in them was checked by the API server: an entry of
// imagePullSecrets can be any text, and whoever wrote it must not get a command run.

/** As one word of a POSIX shell, and without quotes where it needs none. */
export function shellWord(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
