import type { Pipeline } from "../config/pipeline.ts";
import type { Contract } from "../contract/contract.ts";
import type { AsOfWhat } from "../lineage/as-of.ts";
import { isDistinctFrom } from "../sql/pieces.ts";
import { isName, isWord, lower, type SqlToken, sqlTokens } from "../sql/tokens.ts";
import { rowsName, stagingTable, stem } from "../warehouse/relations.ts";

/** Relations of `ops` that hold texts of rows, whatever feed these are of. */
const WITH_TEXTS: ReadonlySet<string> = new Set(["ops.quarantine_row", "ops.open_quarantine"]);

/** A relation of the pipeline: the contract that its columns are of, and the feed or the curated table that it holds. */
interface Known {
  readonly contract: Contract;
  readonly feed?: string;
  readonly table?: string;
}

/** What relations are; null for others of `ops`, whose columns are of no contract. */
function knownRelations({ feeds, models }: Pipeline): (name: string) => Known | null | undefined {
  const known = new Map<string, Known>();
  for (const feed of feeds.values()) {
    const of = { contract: feed.contract, feed: feed.id };
    for (const table of [stem(feed), stagingTable(feed)]) known.set(`staging.${table}`.toLowerCase(), of);
  }
  for (const { table, contract } of models.values()) {
    const tables = [`curated.${table}`, `curated.${rowsName("curated", table)}`, `history.${table}`];
    for (const name of tables) known.set(name.toLowerCase(), { contract, table });
  }
  return (name) => (name.startsWith("ops.") && !WITH_TEXTS.has(name) ? null : known.get(name));
}

/** Words behind which the list of a FROM is over; commas of a condition stand in parentheses of its functions. */
const ENDS_FROM = "where group having window qualify order limit offset union intersect except select".split(" ");
/** Functions whose arguments stand on both sides of a FROM. */
const WITH_FROM = new Set(["extract", "trim", "substring", "overlay"]);

/** An open parenthesis: what it is called by, and whether the list of a FROM is being read inside it. */
interface Open {
  readonly called: string;
  readonly isList: boolean;
}

const NOTHING_OPEN: Open = { called: "", isList: false };

/** Whether a word begins names of relations; the FROM of `is distinct from` and of a function's arguments does not. */
function begins(tokens: readonly SqlToken[], at: number, { called }: Open): boolean {
  return isWord(tokens[at], "from", "join") && !isDistinctFrom(tokens, at) && !WITH_FROM.has(called);
}

/** What is open behind a token. */
function nesting(open: readonly Open[], tokens: readonly SqlToken[], at: number): readonly Open[] {
  const [token, here = NOTHING_OPEN] = [tokens[at], open.at(-1)];
  if (token?.kind === "symbol" && token.text === "(") return [...open, { called: lower(tokens[at - 1]), isList: false }];
  if (token?.kind === "symbol" && token.text === ")") return open.slice(0, -1);
  if (begins(tokens, at, here)) return [...open.slice(0, -1), { ...here, isList: true }];
  return isWord(token, ...ENDS_FROM) ? [...open.slice(0, -1), { ...here, isList: false }] : open;
}

/** Where names of relations stand: behind FROM, JOIN and the commas of a FROM. */
export function targets(tokens: readonly SqlToken[]): number[] {
  let open: readonly Open[] = [NOTHING_OPEN];
  return tokens.flatMap((token, at) => {
    const here = open.at(-1) ?? NOTHING_OPEN;
    const isNext = begins(tokens, at, here) || (token.kind === "symbol" && token.text === "," && here.isList);
    open = nesting(open, tokens, at);
    return isNext ? [at + 1] : [];
  });
}

/** Schemas whose relations count wherever a query names them: `table`, `pivot` and parentheses need no FROM. */
const SCHEMAS = ["staging", "curated", "history", "raw"];

/** Relations of those schemas that a query names anywhere. */
function mentioned(tokens: readonly SqlToken[]): number[] {
  return tokens.flatMap((token, at) => {
    const isQualified = tokens[at + 1]?.text === "." && isName(tokens[at + 2]);
    return isName(token) && isQualified && SCHEMAS.includes(lower(token)) ? [at] : [];
  });
}

/** Names that a query gives to queries of its own. */
function ownNames(tokens: readonly SqlToken[]): ReadonlySet<string> {
  const named = tokens.filter((token, i) => {
    const before = lower(tokens[i - 1]);
    return isName(token) && ["with", "recursive", ","].includes(before) && lower(tokens[i + 1]) === "as";
  });
  return new Set(named.map(lower));
}

/** The last two parts of a name that begins at a token: `staging.x` of `warehouse.staging.x`; its only part where it has one. */
function nameAt(tokens: readonly SqlToken[], at: number): string {
  const parts = [lower(tokens[at])];
  for (let i = at + 1; tokens[i]?.text === "." && isName(tokens[i + 1]); i += 2) parts.push(lower(tokens[i + 1]));
  return parts.slice(-2).join(".");
}

/** The relations that a query reads; null where one of them may show anything: it holds texts of rows, or the pipeline does not make it. */
function relationsRead(sql: string, pipeline: Pipeline): readonly Known[] | null {
  const tokens = sqlTokens(sql) ?? [];
  const own = ownNames(tokens);
  const knownAs = knownRelations(pipeline);
  const found = new Map<string, Known>();
  const named = targets(tokens).filter((at) => tokens[at]?.text !== "(");
  const names = [
    ...named.map((at) => nameAt(tokens, at)),
    ...mentioned(tokens).map((at) => `${lower(tokens[at])}.${lower(tokens[at + 2])}`),
  ];
  for (const name of names) {
    const known = own.has(name) ? null : knownAs(name);
    if (known === undefined) return null;
    if (known !== null) found.set(name, known);
  }
  return [...found.values()];
}

/** The contracts whose columns a query can show, by the relations that it reads; null where they may be any. */
export function contractsRead(sql: string, pipeline: Pipeline): readonly Contract[] | null {
  return relationsRead(sql, pipeline)?.map(({ contract }) => contract) ?? null;
}

/** The feeds and curated tables that a query reads; null where that cannot be said. */
export function published(sql: string, pipeline: Pipeline): AsOfWhat | null {
  const relations = relationsRead(sql, pipeline);
  if (relations === null) return null;
  const tables = [...new Set(relations.flatMap(({ table }) => table ?? []))];
  return { feeds: relations.flatMap(({ feed }) => feed ?? []), tables };
}
