import { isDistinctFrom, isGroup, isKeyword, isSymbol, lengthOf, namesAt, type Piece, splitAt, tokenOf } from "./pieces.ts";
import { isName, lower } from "./tokens.ts";

/** A word that is a clause here, and neither part of a name nor of `is distinct from` or `within group`. */
function isClause(pieces: readonly Piece[], i: number, words: readonly string[]): boolean {
  if (!isKeyword(pieces[i], ...words) || isSymbol(pieces[i - 1], ".") || isKeyword(pieces[i - 1], "as")) return false;
  const isWithin = isKeyword(pieces[i - 1], "within") && isKeyword(pieces[i], "group");
  return !(isWithin || isDistinctFrom(pieces, i));
}

function clauseAfter(pieces: readonly Piece[], start: number, words: readonly string[]): number {
  const found = pieces.findIndex((_, i) => i >= start && isClause(pieces, i, words));
  return found < 0 ? pieces.length : found;
}

const SETS = ["union", "intersect", "except"];

/** Whether what stands in parentheses is a query. */
export function isQuery(inside: readonly Piece[]): boolean {
  const [first, second] = inside;
  if (isKeyword(first, "select", "with", "values", "from")) return true;
  return isGroup(first) && (isKeyword(second, ...SETS) || (inside.length === 1 && isQuery(first.inside)));
}

/** A query that a WITH names. */
interface NamedQuery {
  readonly name: string;
  /** What stands behind the name: its columns' names, where it is a group. */
  readonly columns: Piece | undefined;
  readonly inside: readonly Piece[];
}

/** The queries of `with a as (…), b(x, y) as (…)`, and what stands behind them. */
interface WithParts {
  readonly isRecursive: boolean;
  readonly queries: readonly NamedQuery[];
  readonly rest: readonly Piece[];
}

/** The place of the query of a WITH, behind AS and what may stand after it. */
function placeOfQuery(pieces: readonly Piece[], start: number): number {
  const as = pieces.findIndex((piece, i) => i >= start && isKeyword(piece, "as"));
  const found = as < 0 ? -1 : pieces.findIndex((piece, i) => i > as && isGroup(piece));
  return found < 0 ? pieces.length : found;
}

export function withParts(pieces: readonly Piece[]): WithParts {
  if (!isKeyword(pieces[0], "with")) return { isRecursive: false, queries: [], rest: pieces };
  const isRecursive = isKeyword(pieces[1], "recursive");
  const queries: NamedQuery[] = [];
  let i = isRecursive ? 2 : 1;
  for (let isMore = true; isMore; i += 1) {
    const name = lower(tokenOf(pieces[i]));
    const columns = pieces[i + 1];
    i = placeOfQuery(pieces, i + 1);
    const query = pieces[i];
    queries.push({ name, columns, inside: isGroup(query) ? query.inside : [] });
    i += 1;
    isMore = isSymbol(pieces[i], ",");
  }
  return { isRecursive, queries, rest: pieces.slice(i - 1) };
}

/** An operand of a set operation, and the word before it. */
interface Operand {
  readonly word: string | null;
  readonly pieces: readonly Piece[];
}

/** The operands of a query behind its WITH: one where it is no set operation. */
export function operandsOf(rest: readonly Piece[]): Operand[] {
  const isSet = (_: Piece, i: number) => isClause(rest, i, SETS);
  const words = rest.flatMap((piece, i) => (isSet(piece, i) ? [lower(tokenOf(piece))] : []));
  return splitAt(rest, isSet).map((pieces, i) => ({ word: words[i - 1] ?? null, pieces }));
}

const CLAUSES = ["from", "where", "group", "having", "window", "qualify", "order", "limit", "offset", "fetch"];
const AFTER_FROM = CLAUSES.slice(1);

/** A SELECT: its list, and of its clauses those that are looked at; empty where there is none. */
interface SelectParts {
  /** DISTINCT without ON. */
  readonly isDistinct: boolean;
  readonly list: readonly Piece[];
  readonly from: readonly Piece[];
  readonly where: readonly Piece[];
  /** What stands behind GROUP BY. */
  readonly grouped: readonly Piece[];
}

function firstItem(pieces: readonly Piece[]): number {
  if (!isKeyword(pieces[1], "distinct", "all")) return 1;
  return isKeyword(pieces[2], "on") && isGroup(pieces[3]) ? 4 : 2;
}

/** The parts of an operand that begins with SELECT. */
export function selectParts(pieces: readonly Piece[]): SelectParts {
  const list = clauseAfter(pieces, 1, CLAUSES);
  const clause = (word: string, ends: readonly string[]): Piece[] => {
    const start = clauseAfter(pieces, list, [word]);
    return pieces.slice(start + 1, clauseAfter(pieces, start + 1, ends));
  };
  const first = firstItem(pieces);
  return {
    isDistinct: first === 2 && isKeyword(pieces[1], "distinct"),
    list: pieces.slice(first, list),
    from: clause("from", AFTER_FROM),
    where: clause("where", CLAUSES),
    grouped: clause("group", CLAUSES).slice(1),
  };
}

/** What stands between two joins or commas behind FROM. */
export interface FromPart {
  readonly at: number;
  /** The relation's name, with its schema before it; none where a query or joins stand in parentheses. */
  readonly names: readonly string[];
  /** What stands in parentheses in place of a relation. */
  readonly inside: readonly Piece[] | null;
  /** Why its columns are not those of the relation, as a sentence end; null where they are. */
  readonly reshaped: string | null;
  readonly alias: string | null;
  /** What stands behind the alias: names of columns, where it is a group. */
  readonly columns: Piece | undefined;
  /** From ON or USING on. */
  readonly condition: readonly Piece[];
  /** Words before its JOIN, such as `left`; null where it is joined by a comma, or the first one. */
  readonly how: readonly string[] | null;
}

/** Words before a JOIN. */
const HOW = "left right full inner outer cross natural asof positional semi anti".split(" ");
/** Words behind a relation that are no name for it. */
const NO_ALIAS = [...HOW, ..."on using lateral tablesample pivot unpivot match_recognize".split(" ")];

/** Where the words before the next JOIN begin; `left(x, 2)` is a function. */
function endOfPart(part: readonly Piece[]): number {
  const found = part.findLastIndex((piece) => !isKeyword(piece, ...HOW));
  return found + 1;
}

/** Where a relation ends, behind what it is called by itself. */
function endOfHead(part: readonly Piece[], start: number): { names: string[]; isFunction: boolean; end: number } {
  const names = namesAt(part, start);
  const isFunction = names.length > 0 && isGroup(part[start + lengthOf(names)]);
  return { names, isFunction, end: start + (names.length > 0 ? lengthOf(names) : 1) + (isFunction ? 1 : 0) };
}

function readPart(part: readonly Piece[], how: FromPart["how"]): FromPart {
  const start = isKeyword(part[0], "lateral") ? 1 : 0;
  const head = part[start];
  const { names, isFunction, end } = endOfHead(part, start);
  const place = isKeyword(part[end], "as") ? end + 1 : end;
  const alias = tokenOf(part[place]);
  const isNamed = isName(alias) && !isKeyword(alias, ...NO_ALIAS);
  const isReshaped = isKeyword(part[end], "pivot", "unpivot", "match_recognize");
  const from = part.findIndex((piece, i) => i >= end && isKeyword(piece, "on", "using") && !isSymbol(part[i - 1], "."));
  return {
    at: part[0]?.at ?? 0,
    names,
    inside: isGroup(head) ? head.inside : null,
    reshaped: isFunction ? "is a function" : isReshaped ? "is reshaped" : null,
    alias: isNamed ? lower(alias) : null,
    columns: isNamed ? part[place + 1] : undefined,
    condition: from < 0 ? [] : part.slice(from, endOfPart(part)),
    how,
  };
}

/** What stands behind FROM, in its order; joins in parentheses are one part. */
export function fromParts(from: readonly Piece[]): FromPart[] {
  const isJoin = (i: number) => isClause(from, i, ["join"]);
  const cuts = from.flatMap((piece, i) => (isSymbol(piece, ",") || isJoin(i) ? [i] : []));
  return [-1, ...cuts].flatMap((cut, n) => {
    const part = from.slice(cut + 1, cuts[n] ?? from.length);
    const before = from.slice((cuts[n - 2] ?? -1) + 1, Math.max(0, cut));
    const how = cut >= 0 && isJoin(cut) ? before.slice(endOfPart(before)).map((piece) => lower(tokenOf(piece))) : null;
    return part.length === 0 ? [] : [readPart(part, how)];
  });
}
