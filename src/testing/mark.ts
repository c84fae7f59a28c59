// A password that is looked for where none may be, in all forms that it could be shown in.

/** No registry can be called that. */
export const MARK = 'Zq9markXw7';

/** Base64 of a text that holds it, whatever stands in front: the characters that depend on nothing else. */
const inBase64 = [0, 1, 2].map(shift =>
  Buffer.from(' '.repeat(shift) + MARK)
    .toString('base64')
    .slice(shift === 0 ? 0 : shift + 1, -4),
);

export const showsMark = (text: string): boolean => [MARK, ...inBase64].some(form => text.includes(form));
