// Loaded into the operator's process before it (node --import): makes the mistake that it does not have. At SIGUSR2
// it throws, or rejects, what CRASH names, with the texts of CRASH_PASSWORD and CRASH_TOKEN all over it.

const { CRASH, CRASH_PASSWORD: password, CRASH_TOKEN: token } = process.env;
const headers = { authorization: `Bearer ${token}` };

const marked = () =>
  Object.assign(new Error(`wrong: ${password} ${Buffer.from(token).toString('base64')}`), {
    code: `E${password}`,
    name: `Error of ${token}`,
    body: { password },
    request: { headers, path: `/?token=${token}` },
    stack: `at ${password} (${token})`,
  });

const nested = () => new Error('outer', { cause: Object.assign(marked(), { cause: marked() }) });

const CRASHES = {
  error: () => {
    throw marked();
  },
  nested: () => {
    throw nested();
  },
  aggregate: () => {
    throw new AggregateError([marked(), nested()]);
  },
  answer: () => {
    throw Object.assign(new Error(`HTTP-Code: 500 Body: ${password}`), { body: password, headers });
  },
  text: () => {
    throw `${password} ${token}`;
  },
  object: () => {
    throw { password, headers, nested: [{ deep: token }] };
  },
  getter: () => {
    throw Object.defineProperty(new Error(password), 'message', {
      get() {
        throw new Error(token);
      },
    });
  },
  rejection: () => void Promise.reject(marked()),
  'rejection-text': () => void Promise.reject(`${password} ${token}`),
  'rejection-object': () => void Promise.reject({ password, headers, [token]: token }),
  emitter: () => process.stdin.emit('error', nested()),
};

process.once('SIGUSR2', () => setTimeout(() => CRASHES[CRASH]?.(), 0));
