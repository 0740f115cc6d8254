import { comparedBy } from "./compared-columns.ts";
import { isGroup, isKeyword, listedNames, type Piece, piecesOf } from "./pieces.ts";
import { type FromPart, fromParts, isQuery, operandsOf, selectParts, withParts } from "./query-parts.ts";
import { type Lists, onceOf, type RowsOf, renamed, rowsOf } from "./rows-once.ts";
import { sqlTokens } from "./tokens.ts";

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

/** What is known of a query's rows. */
interface Given {
  readonly once: Lists;
  /** Null where they are not those of one relation. */
  readonly of: RowsOf | null;
}

/** What is known of queries of a WITH, by their names. */
type Named = ReadonlyMap<string, Given>;

/** What is known of a query whose columns may have names in parentheses behind its own. */
function givenBy(inside: readonly Piece[], columns: Piece | undefined, named: Named): Given {
  const of = isGroup(columns) ? null : rowsOf(inside, (name) => named.get(name)?.of ?? null);
  return { once: renamed(onceOf(inside), columns, inside), of };
}

/** Joins that give one row at most, or none of the columns of what they join. */
const ONCE = ["semi", "anti", "asof", "positional"];

function byOf({ condition, how }: FromPart, alias: string, where: readonly Piece[]): string[] {
  const [word, using] = condition;
  const always = comparedBy(where, alias);
  if (how === null) return always;
  const isUsing = isKeyword(word, "using") && isGroup(using);
  const own = isUsing ? listedNames(using) : comparedBy(condition.slice(1), alias);
  return [...own, ...always];
}

function joinOf(part: FromPart, where: readonly Piece[], named: Named): Join | null {
  const { names, inside, alias } = part;
  const [schema = "", relation] = names;
  const called = alias ?? names.at(-1) ?? "";
  if (part.reshaped !== null || part.how?.some((word) => ONCE.includes(word))) return null;
  const of = { at: part.at, by: byOf(part, called, where) };
  if (names.length === 2 && relation !== undefined) return { ...of, schema, relation, once: [] };
  const given = inside ? givenBy(inside, part.columns, named) : names.length === 1 ? named.get(schema) : undefined;
  if (!given) return null;
  const { of: rows, once } = given;
  if (!rows) return { ...of, schema: null, relation: inside ? called : schema, once };
  return { at: part.at, schema: rows.schema, relation: rows.relation, by: [...of.by.flatMap(rows.columnOf), ...rows.by], once };
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
    named.set(name, givenBy(inside, columns, named));
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
