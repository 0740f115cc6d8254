import { atCommas, isGroup, isKeyword, isNotDistinctFrom, isSymbol, lengthOf, namesAt, type Piece, splitAt } from "./pieces.ts";
import { isName, lower } from "./tokens.ts";

/** Whether a `>` ends the arrow of a value in JSON: `->`, `->>`. */
function isArrow(condition: readonly Piece[], i: number): boolean {
  const before = isSymbol(condition[i - 1], ">") ? i - 2 : i - 1;
  return isSymbol(condition[i], ">") && isSymbol(condition[before], "-");
}

/** Whether more stands in a condition than an equality: `a = b is not true`, `a = any(b)`. */
function isMore(condition: readonly Piece[]): boolean {
  if (condition.some((piece) => isKeyword(piece, "case"))) return false;
  return condition.some((piece) => isKeyword(piece, "is", "in", "between", "like", "ilike", "any", "all", "some"));
}

/** The sides of an equality; none where a condition is another one. */
function sides(condition: readonly Piece[]): Piece[][] {
  const from = condition.findIndex((_, i) => isNotDistinctFrom(condition, i));
  if (from >= 0) return [condition.slice(0, from - 3), condition.slice(from + 1)];
  const isOther = (piece: Piece, i: number) => ["<", ">", "!"].some((text) => isSymbol(piece, text)) && !isArrow(condition, i);
  if (condition.some(isOther) || isMore(condition)) return [];
  const parts = splitAt(condition, (piece) => isSymbol(piece, "=")).filter((part) => part.length > 0);
  return parts.length === 2 ? parts : [];
}

function mentions(pieces: readonly Piece[], alias: string): boolean {
  return pieces.some((piece, i) =>
    "inside" in piece ? mentions(piece.inside, alias) : isName(piece) && lower(piece) === alias && isSymbol(pieces[i + 1], "."),
  );
}

const TEXTS = ["varchar", "text", "string"];

/** What is cast to text, of which unlike values have unlike texts. */
function withoutCast(side: readonly Piece[]): readonly Piece[] {
  const [head, args] = side;
  if (side.length === 2 && isKeyword(head, "cast") && isGroup(args)) {
    const isText = isKeyword(args.inside.at(-1), ...TEXTS) && isKeyword(args.inside.at(-2), "as");
    return isText ? args.inside.slice(0, -2) : side;
  }
  const isText = isKeyword(side.at(-1), ...TEXTS) && isSymbol(side.at(-2), ":") && isSymbol(side.at(-3), ":");
  return isText ? side.slice(0, -3) : side;
}

/** The column of a relation that one side of an equality is; a name alone is one of it where it has such a column. */
function columnOn(written: readonly Piece[], other: readonly Piece[], alias: string): string[] {
  const side = withoutCast(written);
  const names = namesAt(side, 0);
  const isColumn = names.length > 0 && lengthOf(names) === side.length && (names.length === 1 || names.at(-2) === alias);
  return isColumn && !mentions(other, alias) ? [names.at(-1) ?? ""] : [];
}

/** Both sides of `(a, b) = (c, d)`, part by part; those of any other equality as they are. */
function paired([left = [], right = []]: readonly (readonly Piece[])[]): (readonly [readonly Piece[], readonly Piece[]])[] {
  const [one, other] = [left[0], right[0]];
  if (left.length !== 1 || right.length !== 1 || !isGroup(one) || !isGroup(other)) return [[left, right]];
  const others = atCommas(other.inside);
  return atCommas(one.inside).map((part, i) => [part, others[i] ?? []]);
}

/** Columns under an alias that a condition compares for equality in every row: none behind an OR. */
export function comparedBy(condition: readonly Piece[], alias: string): string[] {
  if (condition.some((piece) => isKeyword(piece, "or"))) return [];
  return splitAt(condition, (piece) => isKeyword(piece, "and")).flatMap((one) => {
    const [only, more] = one;
    if (isGroup(only) && !more) return comparedBy(only.inside, alias);
    return paired(sides(one)).flatMap(([left, right]) => [...columnOn(left, right, alias), ...columnOn(right, left, alias)]);
  });
}
