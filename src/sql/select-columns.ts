import { atCommas, isGroup, isKeyword, listedNames, namedItem, type Piece, piecesOf, tokenOf } from "./pieces.ts";
import { operandsOf, selectParts, withParts } from "./query-parts.ts";
import { isName, lower, sqlTokens } from "./tokens.ts";

/** The items of a SELECT's list. */
type List = readonly (readonly Piece[])[];

/** SELECTs side by side: one, or those of a set operation; the columns of all are called as `names` says, by their place. */
interface SelectGroup {
  readonly lists: readonly List[];
  readonly names: readonly (string | null)[];
}

const nameOf = (item: readonly Piece[]) => namedItem(item).name;

/** The lists of a query: one, or those of the operands of a set operation, which may stand in parentheses. */
function listsOf(query: readonly Piece[]): List[] {
  return operandsOf(withParts(query).rest).flatMap(({ pieces }) => {
    const select = pieces.findIndex((piece) => isKeyword(piece, "select"));
    if (select >= 0) return [atCommas(selectParts(pieces.slice(select)).list)];
    const inside = pieces.find((piece) => isGroup(piece));
    return inside ? listsOf(inside.inside) : [];
  });
}

/** The SELECTs of a query and of all that stand inside it. @param given names of its columns, where a WITH gives them. */
function groupsIn(query: readonly Piece[], given: readonly string[] = []): SelectGroup[] {
  const lists = listsOf(query);
  const names = (lists[0] ?? []).map((item, i) => given[i] ?? nameOf(item));
  const named = new Map(withParts(query).queries.map(({ inside, columns }) => [inside, listedNames(columns)]));
  const inside = query.flatMap((piece) => ("inside" in piece ? groupsIn(piece.inside, named.get(piece.inside)) : []));
  return [{ lists, names }, ...inside];
}

/** Whether an item is a count of rows and nothing else, under a name or not. */
function isCount(item: readonly Piece[]): boolean {
  return isKeyword(item[0], "count") && isGroup(item[1]) && item.slice(2).every((piece) => isName(tokenOf(piece)));
}

function mentions(pieces: readonly Piece[], names: ReadonlySet<string>): boolean {
  return pieces.some((piece, i) =>
    "inside" in piece ? mentions(piece.inside, names) : isName(piece) && !isGroup(pieces[i + 1]) && names.has(lower(piece)),
  );
}

/** What the columns of a group are called that are made of the given names. */
function madeIn({ lists, names: called }: SelectGroup, names: ReadonlySet<string>): string[] {
  return lists.flatMap((list) =>
    list.flatMap((item, i) => {
      if (isCount(item) || !mentions(item, names)) return [];
      return [nameOf(item), called[i] ?? null].filter((made) => made !== null);
    }),
  );
}

/**
 * Names of a query's columns that are made of others, through queries inside it and set operations: by names, whatever relation they are of, so
 * that nothing is missed; a count of rows is made of none.
 * @returns the given names, and those made of them, in lower case.
 */
export function namesMadeOf(sql: string, names: ReadonlySet<string>): ReadonlySet<string> {
  const groups = groupsIn(piecesOf(sqlTokens(sql) ?? []) ?? []);
  const found = new Set(names);
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const group of groups) for (const made of madeIn(group, found)) found.add(made);
  }
  return found;
}
