import { comparedBy } from "./compared-columns.ts";
import {
  atCommas,
  isGroup,
  isKeyword,
  isReserved,
  isSymbol,
  lengthOf,
  listedNames,
  type NamedItem,
  namedItem,
  namesAt,
  type Piece,
  tokenOf,
} from "./pieces.ts";
import { type FromPart, fromParts, isQuery, operandsOf, selectParts, withParts } from "./query-parts.ts";
import { isAggregate, isName, lower } from "./tokens.ts";

/** Lists of columns. */
export type Lists = readonly (readonly string[])[];

/** The names of a query's columns, in their order; null where one has none. */
function columnsOf(inside: readonly Piece[]): (string | null)[] {
  const [operand] = operandsOf(withParts(inside).rest);
  return atCommas(selectParts(operand?.pieces ?? []).list).map((item) => namedItem(item).name);
}

/** Lists of columns under the names that stand in parentheses behind a query's own. */
export function renamed(lists: Lists, given: Piece | undefined, inside: readonly Piece[] | null): Lists {
  if (!isGroup(given) || !inside) return lists;
  const columns = columnsOf(inside);
  const names = listedNames(given);
  return lists.map((list) => list.map((column) => names[columns.indexOf(column)] ?? column));
}

/** Whether two names of columns are of one: `a.id` and `id`, not `a.id` and `b.id`. */
function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.join("\n") === b.join("\n") || ((a.length === 1 || b.length === 1) && a.at(-1) === b.at(-1));
}

/** The text of an expression, in which blanks and cases of words say nothing. */
function textOfPieces(pieces: readonly Piece[]): string {
  return pieces.map((piece) => ("inside" in piece ? `${piece.bracket}${textOfPieces(piece.inside)}` : lower(piece))).join(" ");
}

/** Whether an expression names anything; what does not is the same in all rows. */
const isConstant = (pieces: readonly Piece[]): boolean =>
  pieces.every((piece) => ("inside" in piece ? isConstant(piece.inside) : !isName(piece) || isReserved(piece)));

/** The item of a SELECT's list that something behind GROUP BY is: a column, the name of an item, or the same expression. */
function itemOf(grouped: readonly Piece[], items: readonly NamedItem[]): NamedItem | undefined {
  const names = namesAt(grouped, 0);
  if (names.length === 0 || lengthOf(names) !== grouped.length) {
    return items.find(({ expression }) => textOfPieces(expression) === textOfPieces(grouped));
  }
  const found = items.find(({ expression }) => {
    const own = namesAt(expression, 0);
    return lengthOf(own) === expression.length && isSame(own, names);
  });
  return found ?? items.find(({ name }) => names.length === 1 && name === names[0]);
}

/** Forms of GROUP BY that group by several lists. */
const SEVERAL = ["rollup", "cube", "grouping"];

/** The text of a column that a query is grouped by and does not give: nothing can be compared with it. */
function ungiven(grouped: readonly Piece[], items: readonly NamedItem[]): string {
  const text = textOfPieces(grouped).replaceAll(" . ", ".");
  return items.some(({ name }) => name === text) ? `its own ${text}` : text;
}

/** What is called as something behind GROUP BY: none where that is the same in all rows. */
function groupedColumn(grouped: readonly Piece[], items: readonly NamedItem[]): string[] | null {
  const [first] = grouped;
  if (isKeyword(first, ...SEVERAL) || (grouped.length === 1 && isGroup(first))) return null;
  const token = grouped.length === 1 ? tokenOf(first) : undefined;
  const isPlace = token?.kind === "number";
  const item = isPlace ? items[Number(token.text) - 1] : itemOf(grouped, items);
  if (!item) return isPlace ? null : [ungiven(grouped, items)];
  if (isConstant(item.expression)) return [];
  return item.name === null ? null : [item.name];
}

/** Whether rows are brought together in an expression. */
const isAggregated = (pieces: readonly Piece[]): boolean =>
  pieces.some((piece, i) => "inside" in piece && (isAggregate(tokenOf(pieces[i - 1])) || isAggregated(piece.inside)));

/** The columns of GROUP BY; by ALL it is those of the list in which no rows are brought together. */
function groupedColumns(grouped: readonly Piece[], items: readonly NamedItem[]): (string[] | null)[] {
  if (grouped.length === 0) return [null];
  if (grouped.length > 1 || !isKeyword(grouped[0], "all")) return atCommas(grouped).map((one) => groupedColumn(one, items));
  const own = items.filter(({ expression }) => !isAggregated(expression) && !isConstant(expression));
  return own.map(({ name }) => (name === null ? null : [name]));
}

/** The columns of which a query has each combination once, where its own GROUP BY or DISTINCT says so. */
export function onceOf(inside: readonly Piece[]): Lists {
  const [operand, more] = operandsOf(withParts(inside).rest);
  if (!operand || more || !isKeyword(operand.pieces[0], "select")) return [];
  const { list, grouped, isDistinct } = selectParts(operand.pieces);
  const items = atCommas(list).map(namedItem);
  const names = isDistinct ? items.map(({ name }) => (name === null ? null : [name])) : groupedColumns(grouped, items);
  const known = names.filter((name) => name !== null);
  return known.length === names.length ? [known.flat()] : [];
}

/** Rows of one relation that a query gives as they are, all or some of them. */
export interface RowsOf {
  readonly schema: string;
  readonly relation: string;
  /** The columns of the relation that those of the query are. */
  readonly columnOf: (name: string) => string[];
  /** Columns of the relation that are compared for equality in the query itself. */
  readonly by: readonly string[];
}

const hasQuery = (pieces: readonly Piece[]): boolean =>
  pieces.some((piece) => "inside" in piece && (isQuery(piece.inside) || hasQuery(piece.inside)));

const names = (pieces: readonly Piece[], ...words: readonly string[]): boolean =>
  pieces.some((piece) => ("inside" in piece ? names(piece.inside, ...words) : isKeyword(piece, ...words)));

/** What a query's columns are called in the one relation behind its FROM. */
function columnsIn(list: readonly Piece[]): RowsOf["columnOf"] {
  const items = atCommas(list);
  const isAll = items.some((item) => isSymbol(item.at(-1), "*"));
  const named = items.map(namedItem);
  return (column) => {
    const item = named.find(({ name }) => name === column);
    if (!item) return isAll ? [column] : [];
    const own = namesAt(item.expression, 0);
    return own.length > 0 && lengthOf(own) === item.expression.length ? own.slice(-1) : [];
  };
}

/** Clauses and functions by which a query takes some rows of several. */
const CHOOSES = "distinct group having qualify limit offset fetch over unnest flatten tablesample".split(" ");

/** The relation whose rows a query gives as they are; null where it joins, brings together or chooses. */
export function rowsOf(inside: readonly Piece[], named: (name: string) => RowsOf | null): RowsOf | null {
  const { queries, rest } = withParts(inside);
  const [operand, more] = operandsOf(rest);
  if (!operand || more || queries.length > 0 || !isKeyword(operand.pieces[0], "select")) return null;
  const { list, from, where } = selectParts(operand.pieces);
  if (names(operand.pieces, ...CHOOSES) || isAggregated(list) || hasQuery(where)) return null;
  const [part, joined] = fromParts(from);
  if (!part || joined || part.reshaped !== null || isGroup(part.columns)) return null;
  const under = part.alias ?? part.names.at(-1) ?? "";
  return baseOf(part, { columnOf: columnsIn(list), by: comparedBy(where, under) }, named);
}

function baseOf(
  { names: [first = "", relation, more], inside }: FromPart,
  own: Pick<RowsOf, "columnOf" | "by">,
  named: (name: string) => RowsOf | null,
): RowsOf | null {
  if (relation !== undefined) return more === undefined ? { schema: first, relation, ...own } : null;
  const base = inside ? rowsOf(inside, named) : named(first);
  if (!base) return null;
  const { columnOf } = base;
  return {
    ...base,
    columnOf: (name) => own.columnOf(name).flatMap(columnOf),
    by: [...base.by, ...own.by.flatMap(columnOf)],
  };
}
