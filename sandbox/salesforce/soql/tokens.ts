import { malformed } from "../api/refusal.ts";

/** A word, a sign or a value of a query. */
export interface Token {
  readonly kind: "word" | "sign" | "string" | "number" | "date" | "datetime" | "end";
  readonly text: string;
  readonly at: number;
}

const PATTERNS: readonly (readonly [kind: Token["kind"], pattern: RegExp])[] = [
  ["datetime", /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)/y],
  ["date", /\d{4}-\d\d-\d\d/y],
  ["number", /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y],
  ["word", /[A-Za-z_][A-Za-z0-9_.]*/y],
  ["string", /'(?:[^'\\]|\\.)*'/y],
  ["sign", /<=|>=|!=|<>|[=<>(),]/y],
];

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

/** What a quoted text says. The escapes of LIKE's signs stay. */
function unquoted(quoted: string): string {
  return quoted.slice(1, -1).replace(/\\(.)/gs, (escaped, letter: string) => {
    if (letter === "_" || letter === "%") return escaped;
    return ESCAPES[letter.toLowerCase()] ?? letter;
  });
}

function tokenAt(soql: string, at: number): { token: Token; end: number } {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const text = pattern.exec(soql)?.[0];
    if (text === undefined) continue;
    return { token: { kind, text: kind === "string" ? unquoted(text) : text, at }, end: at + text.length };
  }
  throw malformed(`${placeOf(soql, at)}\nunexpected token: '${soql[at] ?? "<EOF>"}'`);
}

/** The query's line with a mark below a place in it, as the service shows where it stumbled. */
export function placeOf(soql: string, at: number): string {
  const from = Math.max(0, at - 30);
  return `\n${soql.slice(from, at + 30).replaceAll("\n", " ")}\n${" ".repeat(at - from)}^\nERROR at Row:1:Column:${at + 1}`;
}

/** The tokens of a query, with an end behind them. Refuses a letter that begins none. */
export function tokensOf(soql: string): Token[] {
  const tokens: Token[] = [];
  const space = /\s*/y;
  let at = 0;
  for (;;) {
    space.lastIndex = at;
    at += space.exec(soql)?.[0].length ?? 0;
    if (at >= soql.length) return [...tokens, { kind: "end", text: "<EOF>", at: soql.length }];
    const { token, end } = tokenAt(soql, at);
    tokens.push(token);
    at = end;
  }
}
