import { isName, isWord, lower, type SqlToken, sqlTokens } from "./tokens.ts";

/** A column of a SELECT's list. */
interface SelectItem {
  /** What it is called, in lower case; null where nothing names it, and for `*`. */
  readonly name: string | null;
  readonly tokens: readonly SqlToken[];
}

/** SELECTs side by side: one, or those of a set operation; the columns of all are called as `names` says, by their place. */
interface SelectGroup {
  readonly lists: readonly (readonly SelectItem[])[];
  readonly names: readonly (string | null)[];
}

/** For each token the parenthesis that it stands in, by the place of that; -1 outside of all. */
function frames(tokens: readonly SqlToken[]): number[] {
  const open = [-1];
  return tokens.map((token, i) => {
    if (token.text === ")" && open.length > 1) open.pop();
    const frame = open.at(-1) ?? -1;
    if (token.text === "(") open.push(i);
    return frame;
  });
}

/** What ends the list of a SELECT, in its own parenthesis. */
const ENDS_LIST = ["from", "union", "intersect", "except", "where", "group", "having", "window", "qualify", "order", "limit"];

function nameOf(tokens: readonly SqlToken[]): string | null {
  const last = tokens.at(-1);
  if (last === undefined || !isName(last) || isWord(last, "end")) return null;
  const before = tokens.at(-2);
  const isNamed = tokens.length === 1 || isName(before) || before?.text === "." || before?.text === ")";
  return isNamed || before?.kind === "string" || before?.kind === "number" ? lower(last) : null;
}

/** Where the list of a SELECT ends: before FROM and the like, or the parenthesis that closes around it. */
function endOfList(tokens: readonly SqlToken[], frame: readonly number[], select: number): number {
  const own = frame[select] ?? -1;
  const end = tokens.findIndex((token, i) => {
    if (i <= select) return false;
    const isClosed = token.text === ")" && (frame[i] ?? -1) < own;
    return isClosed || (frame[i] === own && isWord(token, ...ENDS_LIST));
  });
  return end < 0 ? tokens.length : end;
}

function listAt(tokens: readonly SqlToken[], frame: readonly number[], select: number): SelectItem[] {
  const end = endOfList(tokens, frame, select);
  const from = isWord(tokens[select + 1], "distinct", "all") ? select + 2 : select + 1;
  const isComma = (i: number) => tokens[i]?.text === "," && frame[i] === frame[select];
  const commas = tokens.flatMap((_, i) => (i >= from && i < end && isComma(i) ? [i] : []));
  const starts = [from, ...commas.map((i) => i + 1)];
  return starts.map((start, n) => {
    const of = tokens.slice(start, commas[n] ?? end);
    return { name: nameOf(of), tokens: of };
  });
}

const SET_WORDS = ["union", "intersect", "except"];

/** The parenthesis whose SELECTs are operands of one set operation with those inside another: `(select …) union all (select …)`. */
function operandOf(tokens: readonly SqlToken[], frame: readonly number[], open: number): number {
  if (open < 0) return open;
  const outer = frame[open] ?? -1;
  const close = tokens.findIndex((token, i) => i > open && token.text === ")" && frame[i] === outer);
  const before = isWord(tokens[open - 1], "all", "distinct") ? tokens[open - 2] : tokens[open - 1];
  const isOperand = isWord(before, ...SET_WORDS) || isWord(tokens[close + 1], ...SET_WORDS);
  return isOperand ? operandOf(tokens, frame, outer) : open;
}

/** The names that a WITH gives to the columns of the query in a parenthesis: `x(a, b) as (select …)`. */
function namesBefore(tokens: readonly SqlToken[], frame: readonly number[], open: number): (string | null)[] {
  if (open < 2 || !isWord(tokens[open - 1], "as") || tokens[open - 2]?.text !== ")") return [];
  const start = frame.lastIndexOf(frame[open] ?? -1, open - 2);
  const from = tokens.findLastIndex((token, i) => i < open - 2 && i <= start && token.text === "(" && frame[i] === frame[open]);
  return tokens.slice(from + 1, open - 2).flatMap((token) => (isName(token) ? [lower(token)] : []));
}

function groupsOf(tokens: readonly SqlToken[]): SelectGroup[] {
  const frame = frames(tokens);
  const byFrame = new Map<number, number[]>();
  for (const [i, token] of tokens.entries()) {
    if (!isWord(token, "select")) continue;
    const own = operandOf(tokens, frame, frame[i] ?? -1);
    byFrame.set(own, [...(byFrame.get(own) ?? []), i]);
  }
  return [...byFrame].map(([open, selects]) => {
    const lists = selects.map((at) => listAt(tokens, frame, at));
    const given = namesBefore(tokens, frame, open);
    const names = (lists[0] ?? []).map((item, i) => given[i] ?? item.name);
    return { lists, names };
  });
}

/** Whether an expression is a count of rows and nothing else, under a name or not. */
function isCount(tokens: readonly SqlToken[]): boolean {
  if (!isWord(tokens[0], "count") || tokens[1]?.text !== "(") return false;
  const frame = frames(tokens);
  const end = tokens.findIndex((token, i) => i > 1 && token.text === ")" && frame[i] === frame[0]);
  return tokens.slice(end + 1).every((token) => isName(token));
}

function mentions(tokens: readonly SqlToken[], names: ReadonlySet<string>): boolean {
  return tokens.some((token, i) => isName(token) && tokens[i + 1]?.text !== "(" && names.has(lower(token)));
}

/** What the columns of a group are called that are made of the given names. */
function madeIn({ lists, names: called }: SelectGroup, names: ReadonlySet<string>): string[] {
  return lists.flatMap((list) =>
    list.flatMap(({ name, tokens }, i) => {
      if (isCount(tokens) || !mentions(tokens, names)) return [];
      return [name, called[i] ?? null].filter((made) => made !== null);
    }),
  );
}

/**
 * Names of a query's columns that are made of others, through queries inside it and set operations: by names, whatever relation they are of, so
 * that nothing is missed; a count of rows is made of none.
 * @returns the given names, and those made of them, in lower case.
 */
export function madeOf(sql: string, names: ReadonlySet<string>): ReadonlySet<string> {
  const groups = groupsOf(sqlTokens(sql) ?? []);
  const found = new Set(names);
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const group of groups) for (const made of madeIn(group, found)) found.add(made);
  }
  return found;
}
