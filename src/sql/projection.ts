import {
  atCommas,
  isDistinctFrom,
  isKeyword,
  isSymbol,
  lengthOf,
  namedItem,
  namesAt,
  type Piece,
  piecesOf,
  tokenOf,
} from "./pieces.ts";
import { isName, lower, type SqlToken, sqlTokens } from "./tokens.ts";

/** A SELECT of one relation whose rows each depend on one row of it, whenever it is asked. */
export interface Projection {
  readonly schema: string;
  readonly relation: string;
  /** Its columns that are a column of the relation as it stands: what the SELECT calls it → what the relation does, in lower case. */
  readonly plain: ReadonlyMap<string, string>;
  /**
   * The same SELECT with further columns of the relation, from another relation that has them all.
   * @param from the other relation, as SQL
   */
  over(from: string, columns: readonly string[]): string;
}

/** Functions of both engines that give the same for the same values, whoever asks and when. */
const STEADY = new Set(
  (
    "upper lower trim ltrim rtrim initcap coalesce nullif ifnull nvl concat concat_ws substr substring left right replace split_part lpad rpad repeat reverse length " +
    "abs sign round floor ceil ceiling trunc mod power greatest least cast try_cast decimal numeric varchar char date_trunc date_part extract year month day hour minute second"
  ).split(" "),
);

/** Words whose value depends on when or by whom a query is run; types of instants depend on the session's time zone. */
const UNSTEADY = new Set(
  "current_date current_time current_timestamp current_user current_schema localtime localtimestamp session_user user timestamptz over zone".split(
    " ",
  ),
);

/** Columns that the rows of staging have and its views do not show. */
const OWN = /^(?:_.*|rowid)$/i;

/** What a word asks for that is not its row's alone. */
function askedFor(token: SqlToken): string | undefined {
  const word = lower(token);
  if (isName(token) && OWN.test(word)) return `asks for ${word}, a column of the engine's own`;
  if (token.kind !== "word") return undefined;
  return UNSTEADY.has(word) ? `asks for ${word}` : word === "select" ? "has a query in it" : undefined;
}

/** Why an expression may give something else another time, or sees more than its row, as the end of a sentence; undefined where neither. */
function unsteady(tokens: readonly SqlToken[]): string | undefined {
  for (const [i, token] of tokens.entries()) {
    const asked = askedFor(token);
    if (asked !== undefined) return asked;
    const isCalled = isName(token) && tokens[i + 1]?.text === "(" && !NO_CALL.has(lower(token));
    if (isCalled && !STEADY.has(lower(token))) return `calls ${lower(token)}(), which is not known to give one value for one row`;
  }
  return undefined;
}

/** Words before a parenthesis that call nothing. */
const NO_CALL = new Set("and or not in as case when then else end is between like ilike escape from select distinct".split(" "));

/** What an item names, where it is a column as it stands. */
function plainColumn(item: readonly Piece[]): [string, string] | null {
  const { name, expression } = namedItem(item);
  const names = namesAt(expression, 0);
  if (name === null || names.length === 0 || names.length > 2 || lengthOf(names) !== expression.length) return null;
  return [name, names.at(-1) ?? ""];
}

const isStar = (item: readonly Piece[]) =>
  item.some((piece, i) => isSymbol(piece, "*") && (i === 0 || isSymbol(item[i - 1], ".")));

/** What stands behind FROM: the relation with its schema, and a name for it or none. */
interface Source {
  readonly names: readonly string[];
  readonly isRenamed: boolean;
}

function sourceOf(pieces: readonly Piece[]): Source | string {
  const names = namesAt(pieces, 0);
  if (names.length !== 2) return "reads no relation with its schema in front";
  const rest = pieces.slice(lengthOf(names));
  const alias = isKeyword(rest[0], "as") ? rest.slice(1) : rest;
  const isAlias = alias.length === 0 || (alias.length === 1 && isName(tokenOf(alias[0])));
  return isAlias ? { names, isRenamed: alias.length === 1 } : "has more behind FROM than one relation and a name for it";
}

/** The FROM of a SELECT that is no part of an expression. */
function fromOf(pieces: readonly Piece[]): number {
  return pieces.findIndex((piece, i) => isKeyword(piece, "from") && !isDistinctFrom(pieces, i));
}

function itemsOf(pieces: readonly Piece[]): Piece[][] | string {
  if (isKeyword(pieces[1], "distinct", "all") || isKeyword(pieces[1], "top")) return "is no plain list of columns";
  const items = atCommas(pieces.slice(1));
  return items.some(isStar) ? "has a * in its list" : items;
}

/**
 * Reads a SELECT as a projection: a list of expressions over one row of one relation, with no condition, each giving the same whenever it is asked.
 * @returns why it is none, as the end of the sentence "the query …".
 */
export function projectionOf(sql: string): Projection | string {
  const tokens = sqlTokens(sql) ?? [];
  const pieces = piecesOf(tokens);
  if (!pieces || !isKeyword(pieces[0], "select")) return "is no plain SELECT";
  const from = fromOf(pieces);
  if (from < 0) return "reads no relation";
  const source = sourceOf(pieces.slice(from + 1));
  if (typeof source === "string") return source;
  const items = itemsOf(pieces.slice(0, from));
  if (typeof items === "string") return items;
  const why = unsteady(tokens.slice(1));
  if (why !== undefined) return why;
  const [schema = "", relation = ""] = source.names;
  const [fromAt, begins] = [tokenOf(pieces[from])?.at ?? 0, tokenOf(pieces[from + 1])?.at ?? 0];
  const last = tokenOf(pieces[from + 3]);
  const ends = (last?.at ?? 0) + (last?.text.length ?? 0) + (last?.kind === "quoted" ? 2 : 0);
  return {
    ...{ schema, relation },
    plain: new Map(items.map(plainColumn).filter((pair) => pair !== null)),
    over: (other, columns) => {
      const named = source.isRenamed ? other : `${other} AS ${relation}`;
      return `${sql.slice(0, fromAt)}, ${columns.join(", ")} ${sql.slice(fromAt, begins)}${named}${sql.slice(ends)}`;
    },
  };
}
