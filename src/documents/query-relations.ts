import type { Pipeline } from "../config/pipeline.ts";
import type { Contract } from "../contract/contract.ts";
import type { AsOfWhat } from "../lineage/as-of.ts";
import { isName, lower, type SqlToken, sqlTokens } from "../sql/tokens.ts";
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
const ENDS_FROM = new Set("where group having window qualify order limit offset union intersect except select".split(" "));
const BEGINS_FROM = new Set(["from", "join"]);

/** For each open parenthesis, whether a list of a FROM is being read inside it; behind a word. */
function nesting(open: readonly boolean[], word: string): readonly boolean[] {
  if (word === "(") return [...open, false];
  if (word === ")") return open.slice(0, -1);
  if (BEGINS_FROM.has(word)) return [...open.slice(0, -1), true];
  return ENDS_FROM.has(word) ? [...open.slice(0, -1), false] : open;
}

/** Where names of relations stand: behind FROM, JOIN and the commas of a FROM. */
function targets(tokens: readonly SqlToken[]): number[] {
  let open: readonly boolean[] = [false];
  return tokens.flatMap((token, at) => {
    const word = token.kind === "word" || token.kind === "symbol" ? lower(token) : "";
    open = nesting(open, word);
    return BEGINS_FROM.has(word) || (word === "," && open.at(-1)) ? [at + 1] : [];
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
  const found: Known[] = [];
  for (const at of targets(tokens)) {
    if (tokens[at]?.text === "(") continue;
    const name = nameAt(tokens, at);
    const known = own.has(name) ? null : knownAs(name);
    if (known === undefined) return null;
    if (known !== null) found.push(known);
  }
  return found;
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
