// The login that the benchmark hands out. Not one of any registry.

export const LOGIN = {
  server: 'registry.bench.example',
  username: 'bench',
  password: 'not-a-real-password',
  email: undefined,
};
