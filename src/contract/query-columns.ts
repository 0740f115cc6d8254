import { expressionColumns, isQuery, type Scope, type Source } from "./expression-columns.ts";
import { isUnclear, type Made, type QueryColumn, type QueryColumns, sideBySide } from "./made-of.ts";
import {
  atCommas,
  isGroup,
  isKeyword,
  isSymbol,
  lengthOf,
  namedItem,
  namesAt,
  type Piece,
  piecesOf,
  splitAt,
  tokenOf,
} from "./sql-pieces.ts";
import { isName, lower, sqlTokens } from "./sql-tokens.ts";

/** The columns of a relation of a schema, in their order, and what each is called as a source; undefined where it is not known. */
export type KnownRelation = (
  schema: string,
  relation: string,
) => readonly { readonly name: string; readonly source: string }[] | undefined;

/** What a query may read: relations, and queries that a WITH names. */
interface Around {
  readonly known: KnownRelation;
  readonly named: ReadonlyMap<string, QueryColumns>;
  readonly outer: Scope | null;
}

const placeOf = (pieces: readonly Piece[]): number => pieces[0]?.at ?? 0;

/** A word that is a clause here, and neither part of a name nor of `is distinct from` or `within group`. */
function isClause(pieces: readonly Piece[], i: number, words: readonly string[]): boolean {
  if (!isKeyword(pieces[i], ...words) || isSymbol(pieces[i - 1], ".") || isKeyword(pieces[i - 1], "as")) return false;
  const isComparison = isKeyword(pieces[i - 1], "distinct") && isKeyword(pieces[i - 2], "is", "not");
  const isWithin = isKeyword(pieces[i - 1], "within") && isKeyword(pieces[i], "group");
  return !(isWithin || (isComparison && isKeyword(pieces[i], "from")));
}

function clauseAfter(pieces: readonly Piece[], start: number, words: readonly string[]): number {
  const found = pieces.findIndex((_, i) => i >= start && isClause(pieces, i, words));
  return found < 0 ? pieces.length : found;
}

/** The same columns under the names in parentheses behind an alias. */
function renamed(columns: QueryColumns, names: Piece | undefined): QueryColumns {
  if (isUnclear(columns) || !isGroup(names)) return columns;
  const given = atCommas(names.inside).map((name) => lower(tokenOf(name[0])));
  return columns.map((column, i) => ({ ...column, name: given[i] ?? column.name }));
}

interface With {
  readonly around: Around;
  /** What stands behind it. */
  readonly rest: readonly Piece[];
}

/** Reads `with a as (…), b(x, y) as (…)`. A query that reads itself has columns that cannot be told. */
function readWith(pieces: readonly Piece[], around: Around): With {
  if (!isKeyword(pieces[0], "with")) return { around, rest: pieces };
  const isRecursive = isKeyword(pieces[1], "recursive");
  const named = new Map(around.named);
  let i = isRecursive ? 2 : 1;
  for (let isMore = true; isMore; i += 1) {
    const name = lower(tokenOf(pieces[i]));
    const names = pieces[i + 1];
    i = clauseEnd(pieces, i + 1);
    const query = pieces[i];
    const inside = isGroup(query) ? query.inside : [];
    if (isRecursive) named.set(name, { at: placeOf(inside), says: "reads itself" });
    named.set(name, renamed(readQuery(inside, { ...around, named }), names));
    i += 1;
    isMore = isSymbol(pieces[i], ",");
  }
  return { around: { ...around, named }, rest: pieces.slice(i - 1) };
}

/** The place of the query of a WITH, behind AS and what may stand after it. */
function clauseEnd(pieces: readonly Piece[], start: number): number {
  const as = pieces.findIndex((piece, i) => i >= start && isKeyword(piece, "as"));
  const found = as < 0 ? -1 : pieces.findIndex((piece, i) => i > as && isGroup(piece));
  return found < 0 ? pieces.length : found;
}

const SETS = ["union", "intersect", "except"];

function readOperand(pieces: readonly Piece[], around: Around): QueryColumns {
  const at = placeOf(pieces);
  const start = isKeyword(pieces[0], "all", "distinct") ? 1 : 0;
  const first = pieces[start];
  if (isKeyword(first, "by")) return { at, says: "brings columns together by name" };
  if (isGroup(first)) return readQuery(first.inside, around);
  return isKeyword(first, "select") ? readSelect(pieces.slice(start), around) : { at, says: "is no SELECT" };
}

/** What EXCEPT takes away gives no values, and neither does what INTERSECT compares that with. */
function givesValues(words: readonly string[], i: number): boolean {
  const word = words[i - 1];
  if (i === 0 || word === "union") return true;
  return word === "intersect" && givesValues(words, i - 1);
}

function readQuery(pieces: readonly Piece[], outside: Around): QueryColumns {
  const { around, rest } = readWith(pieces, outside);
  const isSet = (_: Piece, i: number) => isClause(rest, i, SETS);
  const words = rest.flatMap((piece, i) => (isSet(piece, i) ? [lower(tokenOf(piece))] : []));
  const operands = splitAt(rest, isSet).filter((_, i) => givesValues(words, i));
  return sideBySide(operands.map((operand) => readOperand(operand, around)));
}

const AFTER_LIST = ["from", "where", "group", "having", "window", "qualify", "order", "limit", "offset", "fetch"];
const AFTER_FROM = AFTER_LIST.slice(1);

function readSelect(pieces: readonly Piece[], around: Around): QueryColumns {
  const list = clauseAfter(pieces, 1, AFTER_LIST);
  const end = clauseAfter(pieces, list + 1, AFTER_FROM);
  const sources = isKeyword(pieces[list], "from") ? readFrom(pieces.slice(list + 1, end), around) : [];
  const query: Scope["query"] = (inside, outer) => readQuery(inside, { ...around, outer });
  return readList(pieces.slice(firstItem(pieces), list), { sources, outer: around.outer, query });
}

function readList(list: readonly Piece[], of: Omit<Scope, "items">): QueryColumns {
  const items = new Map<string, Made>();
  const scope: Scope = { ...of, items };
  const columns: QueryColumn[] = [];
  for (const item of atCommas(list).filter((pieces) => pieces.length > 0)) {
    const read = isStar(item) ? starred(item, scope) : [readItem(item, scope)];
    if (isUnclear(read)) return read;
    columns.push(...read);
    for (const { name, made } of read) if (name !== null && !items.has(name)) items.set(name, made);
  }
  return columns;
}

function firstItem(pieces: readonly Piece[]): number {
  if (!isKeyword(pieces[1], "distinct", "all")) return 1;
  return isKeyword(pieces[2], "on") && isGroup(pieces[3]) ? 4 : 2;
}

function readItem(item: readonly Piece[], scope: Scope): QueryColumn {
  const { name, expression } = namedItem(item);
  return { name, made: expressionColumns(expression, scope) };
}

/** `*`, `a.*`, and either with more behind it. */
function isStar(item: readonly Piece[]): boolean {
  const names = namesAt(item, 0);
  const point = lengthOf(names);
  return isSymbol(item[0], "*") || (names.length > 0 && isSymbol(item[point], ".") && isSymbol(item[point + 1], "*"));
}

function starred(item: readonly Piece[], { sources }: Scope): QueryColumns {
  const at = placeOf(item);
  const names = namesAt(item, 0);
  const isWhole = item.length === (names.length === 0 ? 1 : lengthOf(names) + 2);
  const of = names.length === 0 ? sources : sources.filter(({ alias }) => alias === names.at(-1));
  if (!isWhole || of.length === 0) return { at, says: "selects * in a form that is not looked at" };
  const bad = of.map(({ columns }) => columns).find(isUnclear);
  const twice = of.flatMap(({ columns }) => (isUnclear(columns) ? [] : columns.map(({ name }) => name)));
  if (bad) return { at, says: `selects * from what ${bad.says}` };
  if (new Set(twice).size < twice.length) return { at, says: "selects * from relations of which several have one column" };
  return of.flatMap(({ columns }) => (isUnclear(columns) ? [] : columns));
}

/** Words behind a relation that are no name for it. */
const NO_ALIAS =
  "on using left right full inner outer cross natural asof positional semi anti lateral tablesample pivot unpivot match_recognize".split(
    " ",
  );

function readFrom(pieces: readonly Piece[], around: Around): Source[] {
  const isCut = (piece: Piece, i: number) => isSymbol(piece, ",") || isClause(pieces, i, ["join"]);
  const sources: Source[] = [];
  for (const part of splitAt(pieces, isCut)) sources.push(...readSource(part, sources, around));
  return sources;
}

function readSource(part: readonly Piece[], before: readonly Source[], around: Around): Source[] {
  const start = isKeyword(part[0], "lateral") ? 1 : 0;
  const head = part[start];
  if (isGroup(head) && !isQuery(head.inside)) return readFrom(head.inside, around);
  const names = namesAt(part, start);
  const isFunction = names.length > 0 && isGroup(part[start + lengthOf(names)]);
  const end = start + (names.length > 0 ? lengthOf(names) : 1) + (isFunction ? 1 : 0);
  const outer: Scope = {
    sources: before,
    items: new Map(),
    outer: around.outer,
    query: () => ({ at: 0, says: "is not looked at" }),
  };
  const columns = isGroup(head)
    ? readQuery(head.inside, { ...around, outer })
    : relationColumns(names, isFunction, { around, at: placeOf(part) });
  return [aliased(part, end, { names, columns })];
}

function relationColumns(
  names: readonly string[],
  isFunction: boolean,
  { around, at }: { around: Around; at: number },
): QueryColumns {
  const [schema = "", relation] = names;
  if (isFunction) return { at, says: "is a function" };
  if (names.length === 1) return around.named.get(schema) ?? { at, says: "is no relation of a schema" };
  const known = names.length === 2 && relation !== undefined ? around.known(schema, relation) : undefined;
  if (!known) return { at, says: "is not known here" };
  return known.map(({ name, source }) => ({
    name: name.toLowerCase(),
    made: { of: [source], first: [[source]], unclear: [] },
  }));
}

function aliased(part: readonly Piece[], end: number, of: { names: readonly string[]; columns: QueryColumns }): Source {
  const at = isKeyword(part[end], "as") ? end + 1 : end;
  const alias = tokenOf(part[at]);
  const isReshaped = isKeyword(part[end], "pivot", "unpivot", "match_recognize");
  const columns = isReshaped ? { at: placeOf(part), says: "is reshaped" } : of.columns;
  const hasAlias = isName(alias) && !isKeyword(alias, ...NO_ALIAS);
  if (hasAlias) return { alias: lower(alias), schema: null, columns: renamed(columns, part[at + 1]) };
  return { alias: of.names.at(-1) ?? "", schema: of.names.at(-2) ?? null, columns };
}

/**
 * The columns of a query, each with the columns of relations that stand in its expression: names are resolved as engines do, by the
 * relations behind FROM, through WITH, queries inside, set operations and `*`. What rows are only joined, filtered or grouped by is in no
 * expression, and what is counted by `count()` is no part of a count.
 * @returns what cannot be told where a query has a form that is not looked at; nothing is left out silently.
 */
export function queryColumns(sql: string, known: KnownRelation): QueryColumns {
  const pieces = piecesOf(sqlTokens(sql) ?? []);
  if (!pieces) return { at: 0, says: "has brackets that do not close" };
  return readQuery(pieces, { known, named: new Map(), outer: null });
}
