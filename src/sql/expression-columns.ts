import { isUnclear, type Made, NOTHING, type QueryColumn, type QueryColumns, together, unclear } from "./made-of.ts";
import {
  atCommas,
  type Group,
  isGroup,
  isKeyword,
  isPlain,
  isReserved,
  isSymbol,
  lengthOf,
  namesAt,
  type Piece,
  splitAt,
  tokenOf,
} from "./pieces.ts";
import { isQuery } from "./query-parts.ts";
import { isName, type SqlToken } from "./tokens.ts";

/** A relation or a query behind FROM, by the name that its columns are qualified with. */
export interface Source {
  readonly alias: string;
  /** The schema that may stand before the alias. */
  readonly schema: string | null;
  readonly columns: QueryColumns;
}

/** What names of an expression may mean. */
export interface Scope {
  readonly sources: readonly Source[];
  /** Items of the list that stand before it. */
  readonly items: ReadonlyMap<string, Made>;
  readonly outer: Scope | null;
  /** The columns of a query inside the expression. */
  readonly query: (inside: readonly Piece[], outer: Scope) => QueryColumns;
}

type Found = Made | undefined;

function columnOf({ columns, alias }: Source, name: string, at: number): Made {
  if (isUnclear(columns)) return unclear(at, `reads "${name}" of ${alias}, which ${columns.says}`);
  const found = columns.find((column) => column.name === name);
  return found?.made ?? unclear(at, `reads "${name}", which is no column of ${alias}`);
}

const hasColumn = ({ columns }: Source, name: string): boolean =>
  !isUnclear(columns) && columns.some((column) => column.name === name);

/** A name without a relation before it: of one that has such a column, of an item before, of the query around. */
function byName(name: string, scope: Scope, at: number): Found {
  const [only, more] = scope.sources.filter((source) => hasColumn(source, name));
  if (more) return unclear(at, `reads "${name}", which several of its relations have`);
  const source = only ?? scope.sources.find(({ columns }) => isUnclear(columns));
  if (source) return columnOf(source, name, at);
  return scope.items.get(name) ?? (scope.outer ? byName(name, scope.outer, at) : undefined);
}

/** A name with its relation before it; what stands behind a column is a field inside its value. */
function byPath(names: readonly string[], scope: Scope, at: number): Found {
  const [first = "", second = "", third] = names;
  const under = scope.sources.find(({ alias, schema }) => schema === first && alias === second);
  if (under && third !== undefined) return columnOf(under, third, at);
  const source = scope.sources.find(({ alias }) => alias === first);
  if (source) return columnOf(source, second, at);
  const field = scope.sources.find((one) => hasColumn(one, first));
  if (field) return columnOf(field, first, at);
  return scope.outer ? byPath(names, scope.outer, at) : undefined;
}

const look = (names: readonly string[], scope: Scope, at: number): Found =>
  names.length === 1 ? byName(names[0] ?? "", scope, at) : byPath(names, scope, at);

function queried(group: Group, scope: Scope): Made[] {
  const columns = scope.query(group.inside, scope);
  if (isUnclear(columns)) return [unclear(columns.at, `reads a query that ${columns.says}`)];
  return columns.map(({ made }: QueryColumn) => made);
}

/** A colon that is no part of `::`. */
const isColon = (pieces: readonly Piece[], i: number): boolean =>
  isSymbol(pieces[i], ":") && !isSymbol(pieces[i - 1], ":") && !isSymbol(pieces[i + 1], ":");

/** The expressions between brackets: of `{a: x}` those behind the names, of `[x:y]` both. */
function expressionsIn({ bracket, inside }: Group): (readonly Piece[])[] {
  if (bracket === "(") return [inside];
  if (bracket === "[") return splitAt(inside, (_, i) => isColon(inside, i));
  return atCommas(inside).map((part) => part.slice(part.findIndex((_, i) => isColon(part, i)) + 1));
}

const inGroup = (group: Group, scope: Scope): Made =>
  isQuery(group.inside)
    ? together(queried(group, scope))
    : together(expressionsIn(group).map((pieces) => expressionColumns(pieces, scope)));

/** A part of an expression, and how many pieces it has. */
interface Step {
  readonly made: Made;
  readonly length: number;
}

const skip = (length: number): Step => ({ made: NOTHING, length });

/** Pairs of words that mean nothing by themselves, whatever columns are called like them. */
const PAIRS = new Set(
  (
    "order by,partition by,within group,nulls first,nulls last,current row,time zone,at time,respect nulls,ignore nulls," +
    "rows between,range between,groups between,rows unbounded,range unbounded,groups unbounded,rows current,range current"
  ).split(","),
);

function isPair(pieces: readonly Piece[], i: number): boolean {
  const [first, second] = [tokenOf(pieces[i]), tokenOf(pieces[i + 1])];
  if (first?.kind !== "word" || second?.kind !== "word") return false;
  const isFrame = pieces.slice(i).some((piece) => isKeyword(piece, "preceding", "following", "current"));
  if (isKeyword(second, "between") && !isFrame) return false;
  return PAIRS.has(`${first.text} ${second.text}`.toLowerCase());
}

/** A type behind `::`, with its width. */
function typeStep(pieces: readonly Piece[], i: number): Step {
  let end = i + 2 + lengthOf(namesAt(pieces, i + 2));
  while (isGroup(pieces[end]) || isGroup(pieces[end], "[")) end += 1;
  return skip(end - i);
}

/** `interval '1' day`, `interval (n) day`, `date '2026-01-01'`. */
function literalStep(pieces: readonly Piece[], i: number, scope: Scope): Step | null {
  const next = pieces[i + 1];
  const kind = tokenOf(next)?.kind;
  if (!isKeyword(pieces[i], "interval")) return kind === "string" ? skip(2) : null;
  if (kind !== "string" && kind !== "number" && !isGroup(next)) return null;
  const unit = tokenOf(pieces[i + 2]);
  return { made: isGroup(next) ? inGroup(next, scope) : NOTHING, length: unit && isPlain(unit) ? 3 : 2 };
}

/** What stands behind the colon of `column:field.field[0]`: no columns. */
function pathStep(pieces: readonly Piece[], i: number): Step {
  let end = i + 1 + lengthOf(namesAt(pieces, i + 1));
  while (isGroup(pieces[end], "[") || isSymbol(pieces[end], ".")) end += 1 + lengthOf(namesAt(pieces, end + 1));
  return skip(end - i);
}

/** What a cast is of. */
const beforeAs = ({ inside }: Group): readonly Piece[] =>
  inside.slice(
    0,
    Math.max(
      0,
      inside.findLastIndex((piece) => isKeyword(piece, "as")),
    ),
  );

/** Words with a meaning of their own, and what belongs to them; null where a word is none. */
function wordStep(pieces: readonly Piece[], i: number, scope: Scope): Step | null {
  const token = tokenOf(pieces[i]);
  const next = pieces[i + 1];
  if (token?.kind !== "word") return null;
  if (isPair(pieces, i)) return skip(isKeyword(token, "at") && isKeyword(pieces[i + 2], "zone") ? 3 : 2);
  if (isGroup(next) && isKeyword(token, "cast", "try_cast")) return { made: expressionColumns(beforeAs(next), scope), length: 2 };
  if (isKeyword(token, "exists") && isGroup(next)) return skip(2);
  if (isKeyword(token, "over", "collate") && isName(tokenOf(next))) return skip(2);
  return isReserved(token) ? skip(1) : literalStep(pieces, i, scope);
}

/** Functions whose first argument may be a part of dates, by its name. */
const OF_PARTS = "dateadd datediff date_trunc date_part timeadd timediff timestampadd timestampdiff".split(" ");

/** Arguments that are counted are not what the count is made of. */
function callStep(name: string, group: Group, scope: Scope): Made {
  if (name === "count") return NOTHING;
  if (name === "columns") return unclear(group.at, "has COLUMNS(), which is not looked at");
  const [part, behind] = [tokenOf(group.inside[0]), group.inside[1]];
  const isPart = OF_PARTS.includes(name) && part !== undefined && isPlain(part) && isSymbol(behind, ",");
  const isField = isPart || (name === "extract" && isKeyword(behind, "from"));
  return isField ? expressionColumns(group.inside.slice(2), scope) : inGroup(group, scope);
}

/** Whether `:=` or `=>` stands there, behind the name of an argument. */
const isGiven = (pieces: readonly Piece[], i: number): boolean =>
  (isSymbol(pieces[i], ":") && isSymbol(pieces[i + 1], "=")) || (isSymbol(pieces[i], "=") && isSymbol(pieces[i + 1], ">"));

function nameStep(pieces: readonly Piece[], i: number, { token, scope }: { token: SqlToken; scope: Scope }): Step {
  const names = namesAt(pieces, i);
  const length = lengthOf(names);
  if (isGiven(pieces, i + length)) return skip(length + 2);
  const missing = unclear(token.at, `reads "${names.join(".")}", which is no column of what it selects from`);
  const call = pieces[i + length];
  if (isGroup(call)) {
    const on = names.slice(0, -1);
    const value = on.length === 0 ? NOTHING : (look(on, scope, token.at) ?? missing);
    return { made: together([value, callStep(names.at(-1) ?? "", call, scope)]), length: length + 1 };
  }
  const found = look(names, scope, token.at);
  const isWordAlone = names.length === 1 && isPlain(token);
  return { made: found ?? (isWordAlone ? NOTHING : missing), length };
}

/** `e5` behind `1`. */
function isExponent(number: SqlToken, next: Piece | undefined): boolean {
  return number.kind === "number" && tokenOf(next)?.kind === "word" && next?.at === number.at + number.text.length;
}

function stepAt(pieces: readonly Piece[], i: number, scope: Scope): Step {
  const piece = pieces[i];
  if (piece === undefined) return skip(1);
  if ("inside" in piece) return { made: inGroup(piece, scope), length: 1 };
  if (isName(piece)) return wordStep(pieces, i, scope) ?? nameStep(pieces, i, { token: piece, scope });
  if (isSymbol(piece, ":")) return isSymbol(pieces[i + 1], ":") ? typeStep(pieces, i) : pathStep(pieces, i);
  if (isSymbol(piece, ".") && isName(tokenOf(pieces[i + 1]))) return skip(2);
  if (i === 0 && isSymbol(piece, "*")) return { made: unclear(piece.at, "has * inside an expression"), length: 1 };
  return skip(isExponent(piece, pieces[i + 1]) ? 2 : 1);
}

/** Functions that give the first of their arguments that is not NULL. */
const FIRST = ["coalesce", "ifnull", "nvl"];

/** What the first values are made of, in their order, where an expression takes the first that is not NULL, or is one column. */
function firstOf(pieces: readonly Piece[], scope: Scope): Made["first"] {
  const [head, args] = pieces;
  const names = namesAt(pieces, 0);
  if (names.length > 0 && lengthOf(names) === pieces.length && head) return look(names, scope, head.at)?.first ?? null;
  if (pieces.length === 1 && isGroup(head)) {
    return isQuery(head.inside) ? (queried(head, scope)[0]?.first ?? null) : firstOf(head.inside, scope);
  }
  if (pieces.length !== 2 || !isGroup(args)) return null;
  if (isKeyword(head, "cast")) return firstOf(beforeAs(args), scope);
  if (!isKeyword(head, ...FIRST)) return null;
  return atCommas(args.inside).flatMap((argument) => {
    const { first, of } = expressionColumns(argument, scope);
    return first ?? (of.length > 0 ? [of] : []);
  });
}

/** The columns that stand in an expression, through queries inside it. */
export function expressionColumns(pieces: readonly Piece[], scope: Scope): Made {
  const parts: Made[] = [];
  for (let i = 0; i < pieces.length; ) {
    const { made, length } = stepAt(pieces, i, scope);
    parts.push(made);
    i += Math.max(1, length);
  }
  return { ...together(parts), first: firstOf(pieces, scope) };
}
