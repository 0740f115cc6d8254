/** A piece of SQL text; `text` of a string literal is never looked at. */
export interface SqlToken {
  readonly kind: "word" | "quoted" | "string" | "number" | "symbol";
  readonly text: string;
  /** Where it begins in the text. */
  readonly at: number;
}

const TOKEN =
  /(?<space>\s+|--[^\n]*|\/\*[\s\S]*?\*\/)|(?<string>\$(?<tag>(?:[\p{L}_][\p{L}\p{N}_]*)?)\$[\s\S]*?\$\k<tag>\$)|(?<quoted>"(?:[^"]|"")+")|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|(?<number>\d+(?:\.\d+)?)|(?<open>"|\/\*|\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$)|(?<symbol>[\s\S])/uy;

/**
 * Cuts SQL into words, literals and symbols; comments and white space are dropped.
 * @returns undefined when a literal or a comment is not closed.
 */
export function sqlTokens(sql: string): SqlToken[] | undefined {
  const tokens: SqlToken[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < sql.length) {
    const at = TOKEN.lastIndex;
    if (sql[at] === "'") {
      const end = endOfLiteral(sql, at);
      if (end === null) return undefined;
      tokens.push({ kind: "string", text: sql.slice(at, end), at });
      TOKEN.lastIndex = end;
      continue;
    }
    const groups = TOKEN.exec(sql)?.groups;
    if (!groups || groups["open"] !== undefined) return undefined;
    const token = tokenOf(groups);
    if (token) tokens.push({ ...token, at });
  }
  return tokens;
}

/** Behind the quote that closes a literal; null where none does. Searched, not matched: a pattern overflows on megabytes of it. */
function endOfLiteral(sql: string, at: number): number | null {
  for (let quote = sql.indexOf("'", at + 1); quote >= 0; quote = sql.indexOf("'", quote + 2)) {
    if (sql[quote + 1] !== "'") return quote + 1;
  }
  return null;
}

function tokenOf(groups: Record<string, string | undefined>): Omit<SqlToken, "at"> | undefined {
  for (const kind of ["word", "number", "string", "symbol"] as const) {
    const text = groups[kind];
    if (text !== undefined) return { kind, text };
  }
  const quoted = groups["quoted"];
  return quoted === undefined ? undefined : { kind: "quoted", text: quoted.slice(1, -1).replaceAll('""', '"') };
}

/** Why a text is not one plain SELECT, as the end of the sentence "the query …"; undefined when it is one. */
export function selectFault(sql: string): string | undefined {
  const tokens = sqlTokens(sql);
  if (!tokens) return "has a literal or comment that is not closed";
  const first = tokens[0]?.text.toLowerCase();
  if (first !== "select" && first !== "with") return "does not start with SELECT or WITH";
  if (tokens.some((t) => t.kind === "symbol" && t.text === ";")) return "contains a semicolon; it must be one statement";
  return undefined;
}

/** Relations of one schema that a query names, as in `staging.billing_invoices`, each as often as it stands there. */
export function mentionsIn(sql: string, schema: string): string[] {
  const tokens = sqlTokens(sql) ?? [];
  return tokens.flatMap((token, i) => {
    const relation = tokens[i + 2];
    const named = isName(token) && token.text.toLowerCase() === schema && tokens[i + 1]?.text === "." && isName(relation);
    return named && relation ? [relation.text] : [];
  });
}

/** Relations of one schema that a query names; each once. */
export function relationsIn(sql: string, schema: string): string[] {
  return [...new Set(mentionsIn(sql, schema))];
}

/** A relation, in lower case, and the identifier that stands for it where no schema is in front: a schema makes a name of any word. */
interface Unqualified {
  readonly relation: string;
  readonly identifier: string;
}

/**
 * A query with `schema.` taken away in front of a relation, so that a WITH in front of it can define it.
 * @returns undefined when it gives the relation's name to something of its own.
 */
export function withoutSchema(sql: string, schema: string, { relation, identifier }: Unqualified): string | undefined {
  const tokens = sqlTokens(sql) ?? [];
  const named = tokens.flatMap((token, i) => (isName(token) && token.text.toLowerCase() === relation ? [i] : []));
  const qualified = named.filter((i) => tokens[i - 1]?.text === "." && tokens[i - 2]?.text.toLowerCase() === schema);
  // What is left is a relation's name before a column.
  const others = named.filter((i) => !qualified.includes(i) && tokens[i + 1]?.text !== ".");
  if (others.length > 0) return undefined;
  return qualified.reduceRight((text, i) => {
    const { at = 0, text: name = "", kind } = tokens[i] ?? {};
    const end = at + name.length + (kind === "quoted" ? 2 : 0);
    return text.slice(0, tokens[i - 2]?.at) + identifier + text.slice(end);
  }, sql);
}

/** A query in which a relation of a schema has another name, also where a column is qualified by it. Names are letters, digits and _. */
export function withRelation(sql: string, schema: string, { from, to }: { from: string; to: string }): string {
  const tokens = sqlTokens(sql) ?? [];
  const named = tokens.filter((token, i) => {
    if (!isName(token) || token.text.toLowerCase() !== from) return false;
    const isIn = tokens[i - 1]?.text === ".";
    return isIn ? tokens[i - 2]?.text.toLowerCase() === schema : tokens[i + 1]?.text === ".";
  });
  return named.reduceRight((text, { at, kind }) => {
    const start = kind === "quoted" ? at + 1 : at;
    return text.slice(0, start) + to + text.slice(start + from.length);
  }, sql);
}

/** True when a query names an identifier. */
export function namesIdentifier(sql: string, name: string): boolean {
  return (sqlTokens(sql) ?? []).some((t) => isName(t) && t.text.toLowerCase() === name);
}

/** A token that may name something: a word, or what stands in double quotes. */
export function isName(token: SqlToken | undefined): boolean {
  return token?.kind === "word" || token?.kind === "quoted";
}

/** A token that is one of some words, which are written in lower case here. */
export function isWord(token: SqlToken | undefined, ...words: readonly string[]): boolean {
  return token?.kind === "word" && words.includes(token.text.toLowerCase());
}

const WORDS = new Set(
  (
    "and or not null is in between like ilike case when then else end true false distinct from cast try_cast as date timestamp " +
    "timestamptz interval varchar text char integer int bigint smallint decimal numeric boolean time zone at escape similar to " +
    "year month day hour minute second week quarter epoch current_date current_timestamp collate any all with without"
  ).split(" "),
);

/** Functions of both engines that make one value of many rows. */
const AGGREGATES = new Set(
  (
    "count count_if countif sum avg mean min max min_by max_by arg_min arg_max median mode quantile quantile_cont quantile_disc percentile_cont percentile_disc " +
    "approx_count_distinct approx_quantile approx_percentile stddev stddev_pop stddev_samp variance var_pop var_samp corr covar_pop covar_samp " +
    "bool_and bool_or booland_agg boolor_agg bit_and bit_or bit_xor any_value first last string_agg listagg group_concat array_agg list histogram"
  ).split(" "),
);

/** Whether a token names a function that makes one value of many rows. */
export const isAggregate = (token: SqlToken | undefined): boolean => isName(token) && AGGREGATES.has(lower(token));

/** What in an expression looks beyond its row, as a sentence end; undefined where nothing does. */
function beyondItsRow(tokens: readonly SqlToken[]): string | undefined {
  const called = tokens.filter((token, i) => token.kind === "word" && tokens[i + 1]?.text === "(").map(lower);
  if (tokens.some((t) => t.kind === "word" && lower(t) === "select")) return "contains a subquery; it sees one row only";
  if (called.includes("over")) return "contains a window function; it sees one row only";
  const aggregate = called.find((name) => AGGREGATES.has(name));
  return aggregate === undefined ? undefined : `contains the aggregate ${aggregate}(); it sees one row only`;
}

/** What an expression over one row refers to. */
export interface ExpressionNames {
  readonly columns: string[];
  readonly unknown: string[];
}

/**
 * Finds the columns that an expression uses. Function names, keywords and type names are not columns.
 * @returns a sentence end ("… contains a subquery") when the text is no expression over one row.
 */
export function expressionNames(expression: string, columns: readonly string[]): ExpressionNames | string {
  const tokens = sqlTokens(expression);
  if (!tokens || tokens.length === 0) return "is empty, or has a literal or comment that is not closed";
  if (tokens.some((t) => t.kind === "symbol" && t.text === ";")) return "contains a semicolon";
  const beyond = beyondItsRow(tokens);
  if (beyond !== undefined) return beyond;
  const names = tokens.filter((token, i) => isName(token) && tokens[i + 1]?.text !== "(");
  const matched = names.map((token) => ({ token, column: columns.find((c) => isColumn(token, c)) }));
  const unknown = matched.filter(
    ({ token, column }) => column === undefined && (token.kind === "quoted" || !WORDS.has(lower(token))),
  );
  return {
    columns: [...new Set(matched.flatMap(({ column }) => column ?? []))],
    unknown: [...new Set(unknown.map(({ token }) => token.text))],
  };
}

/** The text of a token in lower case; empty where there is none. */
export function lower(token: SqlToken | undefined): string {
  return token?.text.toLowerCase() ?? "";
}

function isColumn(token: SqlToken, column: string): boolean {
  return token.kind === "quoted" ? column === token.text : column.toLowerCase() === lower(token);
}
