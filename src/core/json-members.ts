// JSON.parse keeps the last of several members of one name and says nothing; Go takes them all, one over the
// other. Whoever reads for the kubelet has to know of it.

/** The names in the outermost object, each as often as it is there. `json` must be what JSON.parse takes. */
export function outermostNames(json: string): string[] {
  const names: string[] = [];
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at];
    if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    else if (character === '"') {
      const end = endOfString(json, at);
      if (depth === 1 && isColonNext(json, end)) names.push(JSON.parse(json.slice(at, end)) as string);
      at = end - 1;
    }
  }
  return names;
}

/** Behind the closing quote of the string that begins at `start`. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}

function isColonNext(json: string, from: number): boolean {
  let at = from;
  while (' \t\r\n'.includes(json[at] ?? ':')) at += 1;
  return json[at] === ':';
}
