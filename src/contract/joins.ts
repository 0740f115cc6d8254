import { type FromPart, fromParts, isQuery, operandsOf, selectParts, withParts } from "./query-parts.ts";
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

type Lists = readonly (readonly string[])[];

/** A relation, or a query, that a query joins, and its columns that each joined row is compared by. */
export interface Join {
  /** Null where it is a query of a WITH, or in parentheses. */
  readonly schema: string | null;
  /** The relation's name, or the query's. */
  readonly relation: string;
  /** Where its name begins in the text. */
  readonly at: number;
  /** In lower case: columns of it that stand on one side of an equality which every row has to fulfil. */
  readonly by: readonly string[];
  /** Of a query: lists of columns of which it has each combination once, as its GROUP BY or DISTINCT says; none where they do not say it. */
  readonly once: Lists;
}

/** What queries of a WITH have once, by their names. */
type Named = ReadonlyMap<string, Lists>;

/** The sides of an equality; none where a condition is another one. */
function sides(condition: readonly Piece[]): Piece[][] {
  const from = condition.findIndex(
    (piece, i) => isKeyword(piece, "from") && ["distinct", "not", "is"].every((word, n) => isKeyword(condition[i - 1 - n], word)),
  );
  if (from >= 0) return [condition.slice(0, from - 3), condition.slice(from + 1)];
  if (["<", ">", "!"].some((text) => condition.some((piece) => isSymbol(piece, text)))) return [];
  const parts = splitAt(condition, (piece) => isSymbol(piece, "=")).filter((part) => part.length > 0);
  return parts.length === 2 ? parts : [];
}

function mentions(pieces: readonly Piece[], alias: string): boolean {
  return pieces.some((piece, i) =>
    "inside" in piece ? mentions(piece.inside, alias) : isName(piece) && lower(piece) === alias && isSymbol(pieces[i + 1], "."),
  );
}

/** The column of a relation that one side of an equality is; a name alone is one of it where it has such a column. */
function columnOn(side: readonly Piece[], other: readonly Piece[], alias: string): string[] {
  const names = namesAt(side, 0);
  const isColumn = names.length > 0 && lengthOf(names) === side.length && (names.length === 1 || names.at(-2) === alias);
  return isColumn && !mentions(other, alias) ? [names.at(-1) ?? ""] : [];
}

/** Columns under an alias that a condition compares for equality in every row: none behind an OR. */
function comparedBy(condition: readonly Piece[], alias: string): string[] {
  if (condition.some((piece) => isKeyword(piece, "or"))) return [];
  return splitAt(condition, (piece) => isKeyword(piece, "and")).flatMap((one) => {
    const [only, more] = one;
    if (isGroup(only) && !more) return comparedBy(only.inside, alias);
    const [left = [], right = []] = sides(one);
    return [...columnOn(left, right, alias), ...columnOn(right, left, alias)];
  });
}

/** Joins that give one row at most, or none of the columns of what they join. */
const ONCE = ["semi", "anti", "asof", "positional"];

function byOf({ condition, how }: FromPart, alias: string, where: readonly Piece[]): string[] {
  const [word, using] = condition;
  if (how === null) return comparedBy(where, alias);
  if (isKeyword(word, "using")) return isGroup(using) ? atCommas(using.inside).map(([name]) => lower(tokenOf(name))) : [];
  return comparedBy(condition.slice(1), alias);
}

function joinOf(part: FromPart, where: readonly Piece[], named: Named): Join | null {
  const { names, inside, alias } = part;
  const [schema = "", relation] = names;
  const called = alias ?? names.at(-1) ?? "";
  if (part.reshaped !== null || part.how?.some((word) => ONCE.includes(word))) return null;
  const of = { at: part.at, by: byOf(part, called, where) };
  if (names.length === 2 && relation !== undefined) return { ...of, schema, relation, once: [] };
  const lists = inside ? onceOf(inside) : names.length === 1 ? named.get(schema) : undefined;
  return lists ? { ...of, schema: null, relation: inside ? called : schema, once: renamed(lists, part.columns, inside) } : null;
}

/** The names of a query's columns, in their order; null where one has none. */
function columnsOf(inside: readonly Piece[]): (string | null)[] {
  const [operand] = operandsOf(withParts(inside).rest);
  return atCommas(selectParts(operand?.pieces ?? []).list).map((item) => namedItem(item).name);
}

/** Lists of columns under the names that stand in parentheses behind a query's own. */
function renamed(lists: Lists, given: Piece | undefined, inside: readonly Piece[] | null): Lists {
  if (!isGroup(given) || !inside) return lists;
  const columns = columnsOf(inside);
  const names = atCommas(given.inside).map(([name]) => lower(tokenOf(name)));
  return lists.map((list) => list.map((column) => names[columns.indexOf(column)] ?? column));
}

/** Whether two names of columns are of one: `a.id` and `id`, not `a.id` and `b.id`. */
function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.join("\n") === b.join("\n") || ((a.length === 1 || b.length === 1) && a.at(-1) === b.at(-1));
}

/** What the column of a SELECT's list is called that something behind GROUP BY is: a column, or a place in the list. */
function groupedColumn(grouped: readonly Piece[], items: readonly ReturnType<typeof namedItem>[]): string | null {
  const [first] = grouped;
  const token = grouped.length === 1 ? tokenOf(first) : undefined;
  if (token?.kind === "number") return items[Number(token.text) - 1]?.name ?? null;
  const names = namesAt(grouped, 0);
  if (names.length === 0 || lengthOf(names) !== grouped.length) return null;
  const found = items.find(({ expression }) => {
    const own = namesAt(expression, 0);
    return lengthOf(own) === expression.length && isSame(own, names);
  });
  return found?.name ?? null;
}

/** The columns of which a query has each combination once, where its own GROUP BY or DISTINCT says so. */
function onceOf(inside: readonly Piece[]): Lists {
  const [operand, more] = operandsOf(withParts(inside).rest);
  if (!operand || more || !isKeyword(operand.pieces[0], "select")) return [];
  const { list, grouped, isDistinct } = selectParts(operand.pieces);
  const items = atCommas(list).map(namedItem);
  const names = isDistinct
    ? items.map(({ name }) => name)
    : grouped.length > 0
      ? atCommas(grouped).map((one) => groupedColumn(one, items))
      : [null];
  const known = names.filter((name) => name !== null);
  return known.length === names.length ? [known] : [];
}

/** Queries in parentheses, wherever they stand; of those that are only asked whether they have a row no rows are doubled. */
function queriesInside(pieces: readonly Piece[]): (readonly Piece[])[] {
  return pieces.flatMap((piece, i) => {
    if (!("inside" in piece) || isKeyword(pieces[i - 1], "exists", "in", "any", "all", "some")) return [];
    return isQuery(piece.inside) ? [piece.inside] : queriesInside(piece.inside);
  });
}

/** The parts of FROM that are joined to others, those of joins in parentheses among them. */
function joinedParts(from: readonly Piece[], outer: FromPart | null): FromPart[] {
  return fromParts(from).flatMap((part, i) => {
    const isJoins = part.inside !== null && !isQuery(part.inside);
    const joined = i === 0 ? outer && { ...part, how: outer.how, condition: outer.condition } : part;
    if (isJoins) return joinedParts(part.inside ?? [], joined);
    return joined ?? [];
  });
}

function joinsOf(pieces: readonly Piece[], around: Named): Join[] {
  const { queries, rest } = withParts(pieces);
  const named = new Map(around);
  const before = queries.flatMap(({ name, columns, inside }) => {
    const joins = joinsOf(inside, named);
    named.set(name, renamed(onceOf(inside), columns, inside));
    return joins;
  });
  const own = operandsOf(rest).flatMap((operand) => {
    if (!isKeyword(operand.pieces[0], "select")) return [];
    const { from, where } = selectParts(operand.pieces);
    return joinedParts(from, null).flatMap((part) => joinOf(part, where, named) ?? []);
  });
  return [...before, ...own, ...queriesInside(rest).flatMap((inside) => joinsOf(inside, named))];
}

/** What a query joins to others, in queries inside it too: relations of a schema, and queries, with what they are joined by. */
export function joinsIn(sql: string): Join[] {
  return joinsOf(piecesOf(sqlTokens(sql) ?? []) ?? [], new Map()).sort((a, b) => a.at - b.at);
}
