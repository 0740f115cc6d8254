import { expressionColumns, type Scope, type Source } from "./expression-columns.ts";
import { isUnclear, type Made, type QueryColumn, type QueryColumns, sideBySide } from "./made-of.ts";
import {
  atCommas,
  isGroup,
  isKeyword,
  isSymbol,
  lengthOf,
  listedNames,
  namedItem,
  namesAt,
  type Piece,
  piecesOf,
} from "./pieces.ts";
import { type FromPart, fromParts, isQuery, operandsOf, selectParts, withParts } from "./query-parts.ts";
import { sqlTokens } from "./tokens.ts";

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

/** The same columns under the names in parentheses behind an alias. */
function renamed(columns: QueryColumns, names: Piece | undefined): QueryColumns {
  if (isUnclear(columns)) return columns;
  const given = listedNames(names);
  return columns.map((column, i) => ({ ...column, name: given[i] ?? column.name }));
}

/** What a WITH names is seen by what stands behind it. A query that reads itself has columns that cannot be told. */
function named(pieces: readonly Piece[], around: Around): { around: Around; rest: readonly Piece[] } {
  const { isRecursive, queries, rest } = withParts(pieces);
  const known = new Map(around.named);
  for (const { name, columns, inside } of queries) {
    if (isRecursive) known.set(name, { at: placeOf(inside), says: "reads itself" });
    known.set(name, renamed(readQuery(inside, { ...around, named: new Map(known) }), columns));
  }
  return { around: { ...around, named: known }, rest };
}

function readOperand(pieces: readonly Piece[], around: Around): QueryColumns {
  const at = placeOf(pieces);
  const start = isKeyword(pieces[0], "all", "distinct") ? 1 : 0;
  const first = pieces[start];
  if (isKeyword(first, "by")) return { at, says: "brings columns together by name" };
  if (isGroup(first)) return readQuery(first.inside, around);
  return isKeyword(first, "select") ? readSelect(pieces.slice(start), around) : { at, says: "is no SELECT" };
}

/** What EXCEPT takes away gives no values, and neither does what INTERSECT compares that with. */
function givesValues(operands: readonly { readonly word: string | null }[], i: number): boolean {
  const word = operands[i]?.word;
  if (word === "except") return false;
  return word === "intersect" ? givesValues(operands, i - 1) : true;
}

function readQuery(pieces: readonly Piece[], outside: Around): QueryColumns {
  const { around, rest } = named(pieces, outside);
  const operands = operandsOf(rest).filter((_, i, all) => givesValues(all, i));
  return sideBySide(operands.map((operand) => readOperand(operand.pieces, around)));
}

function readSelect(pieces: readonly Piece[], around: Around): QueryColumns {
  const { list, from } = selectParts(pieces);
  const query: Scope["query"] = (inside, outer) => readQuery(inside, { ...around, outer });
  return readList(list, { sources: readFrom(from, around), outer: around.outer, query });
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

function readFrom(from: readonly Piece[], around: Around): Source[] {
  const sources: Source[] = [];
  for (const part of fromParts(from)) sources.push(...readPart(part, [...sources], around));
  return sources;
}

function readPart(part: FromPart, before: readonly Source[], around: Around): Source[] {
  const { inside, names } = part;
  if (inside && !isQuery(inside)) return readFrom(inside, around);
  const outer = {
    sources: before,
    items: new Map(),
    outer: around.outer,
    query: () => ({ at: part.at, says: "is not looked at" }),
  };
  const own = inside ? readQuery(inside, { ...around, outer }) : relationColumns(part, around);
  const columns = part.reshaped === null ? own : { at: part.at, says: part.reshaped };
  if (part.alias !== null) return [{ alias: part.alias, schema: null, columns: renamed(columns, part.columns) }];
  return [{ alias: names.at(-1) ?? "", schema: names.at(-2) ?? null, columns }];
}

function relationColumns({ names, at }: FromPart, around: Around): QueryColumns {
  const [schema = "", relation] = names;
  if (names.length === 1) return around.named.get(schema) ?? { at, says: "is no relation of a schema" };
  const known = names.length === 2 && relation !== undefined ? around.known(schema, relation) : undefined;
  if (!known) return { at, says: "is not known here" };
  return known.map(({ name, source }) => ({
    name: name.toLowerCase(),
    made: { of: [source], first: [[source]], unclear: [] },
  }));
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
