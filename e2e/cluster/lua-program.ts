// The Lua that Argo CD runs health checks with (gopher-lua), as a program.

import { type Installed, installedProgram } from './installed-program.ts';

const LUA = { name: 'glua', version: 'v1.1.2', package: 'github.com/yuin/gopher-lua/cmd/glua' };

export const findLua = (progress: (line: string) => void): Promise<Installed> =>
  installedProgram(LUA, progress);
