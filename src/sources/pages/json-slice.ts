/** What begins a string, brackets, and what else is a value; between them stand blanks, commas and colons. */
const TOKEN = /["{}[\]]|[^\s,:{}[\]"]+/g;

interface Token {
  readonly text: string;
  readonly begin: number;
  readonly end: number;
}

const NO_TOKEN: Token = { text: "", begin: 0, end: 0 };

/** Behind the quote that closes a string. Searched, not matched: a pattern overflows on megabytes of escapes. */
function endOfString(json: string, begin: number): number {
  const end = /["\\]/g;
  end.lastIndex = begin + 1;
  while (end.test(json) && json[end.lastIndex - 1] === "\\") end.lastIndex += 1;
  return end.lastIndex;
}

function tokenAt(json: string, from: number): Token {
  TOKEN.lastIndex = from;
  const first = TOKEN.exec(json);
  if (!first) return NO_TOKEN;
  const begin = first.index;
  const end = first[0] === '"' ? endOfString(json, begin) : TOKEN.lastIndex;
  return { text: json.slice(begin, end), begin, end };
}

const opens = ({ text }: Token) => text === "{" || text === "[";
const closes = ({ text }: Token) => text === "}" || text === "]";

/** Where the value ends that a token begins. */
function endOf(json: string, first: Token): number {
  let [token, depth] = [first, 0];
  for (; token !== NO_TOKEN; token = tokenAt(json, token.end)) {
    if (opens(token)) depth += 1;
    if (closes(token)) depth -= 1;
    if (depth === 0) break;
  }
  return token.end;
}

/** The members of a structure, under their names or their numbers, each by its first token. */
function* membersOf(json: string, structure: Token): Generator<readonly [name: string, value: Token]> {
  if (!opens(structure)) return;
  let [token, nth] = [tokenAt(json, structure.end), 0];
  while (token !== NO_TOKEN && !closes(token)) {
    const isNamed = structure.text === "{";
    const value = isNamed ? tokenAt(json, token.end) : token;
    yield [isNamed ? (JSON.parse(token.text) as string) : String(nth), value];
    token = tokenAt(json, endOf(json, value));
    nth += 1;
  }
}

/**
 * The value below some names, to the letter, in a text that is known to be JSON; null where nothing is there. Of a name that stands twice the
 * last one counts.
 */
export function jsonSlice(json: string, names: readonly string[]): string | null {
  let at = tokenAt(json, 0);
  for (const name of names) {
    const found = [...membersOf(json, at)].findLast(([member]) => member === name);
    if (!found) return null;
    [, at] = found;
  }
  return json.slice(at.begin, endOf(json, at));
}
