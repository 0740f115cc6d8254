import { isName, isWord, lower, type SqlToken } from "./tokens.ts";

/** What stands between brackets of one kind, which close. */
export interface Group {
  readonly bracket: string;
  readonly at: number;
  readonly inside: readonly Piece[];
}

/** A token outside brackets, or all that stands in some. */
export type Piece = SqlToken | Group;

const CLOSES: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

export function isGroup(piece: Piece | undefined, bracket = "("): piece is Group {
  return piece !== undefined && "inside" in piece && piece.bracket === bracket;
}

interface Open {
  readonly bracket: string;
  readonly at: number;
  readonly inside: Piece[];
}

/** Takes one more token; false where it closes what is not open. */
function take(open: Open[], token: SqlToken): boolean {
  const own = token.kind === "symbol" ? token.text : "";
  const [top, outer] = [open.at(-1), open.at(-2)];
  if (own in CLOSES) return open.push({ bracket: own, at: token.at, inside: [] }) > 0;
  if (!Object.values(CLOSES).includes(own)) return (top?.inside.push(token) ?? 0) > 0;
  if (!top || !outer || CLOSES[top.bracket] !== own) return false;
  outer.inside.push(top);
  return open.pop() !== undefined;
}

/** Tokens as pieces; undefined where brackets do not fit. */
export function piecesOf(tokens: readonly SqlToken[]): Piece[] | undefined {
  const whole: Open = { bracket: "", at: 0, inside: [] };
  const open = [whole];
  return tokens.every((token) => take(open, token)) && open.length === 1 ? whole.inside : undefined;
}

/** The token that a piece is. */
export function tokenOf(piece: Piece | undefined): SqlToken | undefined {
  return piece !== undefined && !("inside" in piece) ? piece : undefined;
}

/** Whether a piece is one of some words, written in lower case here. */
export function isKeyword(piece: Piece | undefined, ...words: readonly string[]): boolean {
  return isWord(tokenOf(piece), ...words);
}

export function isSymbol(piece: Piece | undefined, text: string): boolean {
  const token = tokenOf(piece);
  return token?.kind === "symbol" && token.text === text;
}

/** Pieces cut at those that something is true of; what cuts is dropped. */
export function splitAt(pieces: readonly Piece[], isCut: (piece: Piece, i: number) => boolean): Piece[][] {
  const parts: Piece[][] = [[]];
  for (const [i, piece] of pieces.entries()) {
    if (isCut(piece, i)) parts.push([]);
    else parts.at(-1)?.push(piece);
  }
  return parts;
}

export const atCommas = (pieces: readonly Piece[]): Piece[][] => splitAt(pieces, (piece) => isSymbol(piece, ","));

/** Whether the FROM at a place is that of `is distinct from` or `is not distinct from`, and no clause. */
export function isDistinctFrom(pieces: readonly Piece[], i: number): boolean {
  return isKeyword(pieces[i], "from") && isKeyword(pieces[i - 1], "distinct") && isKeyword(pieces[i - 2], "is", "not");
}

/** Whether it is that of `is not distinct from`, by which NULL equals NULL. */
export function isNotDistinctFrom(pieces: readonly Piece[], i: number): boolean {
  return isDistinctFrom(pieces, i) && isKeyword(pieces[i - 2], "not");
}

/** The names of a list in parentheses, in lower case: `(a, b)`; none where there is no list. */
export const listedNames = (list: Piece | undefined): string[] =>
  isGroup(list) ? atCommas(list.inside).map(([name]) => lower(tokenOf(name))) : [];

/** Names with points between them, in lower case, from a place on: `a`, `a.b`, `a.b.c`; none where no name stands there. */
export function namesAt(pieces: readonly Piece[], start: number): string[] {
  const first = tokenOf(pieces[start]);
  if (!isName(first)) return [];
  const names = [lower(first)];
  for (let i = start + 1; isSymbol(pieces[i], "."); i += 2) {
    const next = tokenOf(pieces[i + 1]);
    if (!isName(next)) break;
    names.push(lower(next));
  }
  return names;
}

/** How many pieces `namesAt` has read. */
export const lengthOf = (names: readonly string[]): number => Math.max(0, names.length * 2 - 1);

/** Words that stand for themselves in expressions, whatever columns are called. */
const RESERVED = new Set(
  (
    "case when then else end and or not null is in like ilike between distinct from as true false all any some cast try_cast exists " +
    "collate similar select with union intersect except where having qualify limit asc desc using on"
  ).split(" "),
);

/** Words of a meaning of their own where no column has their name. */
const PLAIN = new Set(
  (
    "date time timestamp timestamptz interval varchar text char integer int bigint smallint decimal numeric double precision boolean zone at to " +
    "year quarter month week day hour minute second epoch years months weeks days hours minutes seconds current_date current_timestamp " +
    "over by partition order rows range groups first last nulls filter within row current unbounded preceding following respect ignore " +
    "for both leading trailing escape array map struct unknown glob regexp rlike isnull notnull current_time localtime localtimestamp"
  ).split(" "),
);

/** Whether a token is a word of the language, whatever columns there are. */
export const isReserved = (token: SqlToken): boolean => token.kind === "word" && RESERVED.has(lower(token));

/** Whether a token is a word of the language where no column is called like it. */
export const isPlain = (token: SqlToken): boolean => token.kind === "word" && PLAIN.has(lower(token));

/** Behind these an expression goes on: what follows is no name for it. */
const GOES_ON =
  "case when then else and or not is in like ilike between distinct from as all any some collate similar escape to zone at".split(
    " ",
  );

/** An item of a SELECT's list: its expression, and in lower case what it is called, null where nothing names it. */
export interface NamedItem {
  readonly name: string | null;
  readonly expression: readonly Piece[];
}

/** Tells the name of an item from its expression: `x as name`, `f(x) name`, `a.name`. */
export function namedItem(pieces: readonly Piece[]): NamedItem {
  const last = tokenOf(pieces.at(-1));
  const names = namesAt(pieces, 0);
  if (names.length > 0 && lengthOf(names) === pieces.length) return { name: names.at(-1) ?? null, expression: pieces };
  if (!last || !isName(last)) return { name: null, expression: pieces };
  const before = pieces.at(-2);
  if (isKeyword(before, "as")) return { name: lower(last), expression: pieces.slice(0, -2) };
  const token = tokenOf(before);
  const isOpen = token !== undefined && (token.kind === "symbol" || isKeyword(token, ...GOES_ON));
  if (isReserved(last) || isOpen || isKeyword(pieces.at(-3), "interval")) return { name: null, expression: pieces };
  return { name: lower(last), expression: pieces.slice(0, -1) };
}
