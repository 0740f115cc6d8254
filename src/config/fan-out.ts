import type { Contract } from "../contract/contract.ts";
import type { Position, Problem } from "../kernel/problem.ts";
import { type Join, joinsIn } from "../sql/joins.ts";
import { inputRead } from "./find-input.ts";
import type { Feed, Model } from "./pipeline.ts";
import { inconsistent } from "./problems.ts";
import { type ModelFile, placeIn } from "./read-model.ts";

/** A relation that a model may join, and the lists of columns of which it has each combination once. */
interface Joined {
  /** As `touched_by` calls it, or the name of a query. */
  readonly input: string;
  readonly lists: readonly (readonly string[])[];
}

/** What a model may join: feeds' rows by their keys, tables by theirs, and both by what unique rules of their contracts name. */
interface Joinable {
  readonly feeds: ReadonlyMap<string, Feed>;
  readonly models: ReadonlyMap<string, Model>;
}

function joined(input: string, contract: Contract, keys: readonly (readonly string[])[]): Joined {
  const rules = contract.rules.flatMap((rule) => (rule.kind === "unique" && rule.severity !== "warn" ? [rule.columns] : []));
  const texts = [...keys, ...rules].map((columns) => columns.map((column) => column.toLowerCase()).join("\n"));
  return { input, lists: [...new Set(texts)].map((text) => text.split("\n")) };
}

/** Derived columns that hold the whole key: unlike rows have unlike texts. */
function madeOfKey({ contract, businessKey, sourceKey }: Feed): string[][] {
  return contract.derived.flatMap(({ name, parts }) => {
    const columns = parts.flatMap((part) => ("column" in part ? [part.column] : []));
    return [businessKey, sourceKey].some((key) => key.every((column) => columns.includes(column))) ? [[name]] : [];
  });
}

function relationOf({ schema, relation, once }: Join, { feeds, models }: Joinable): Joined | undefined {
  if (schema === null) return once.length === 0 ? undefined : { input: relation, lists: once };
  const input = inputRead(schema, relation, feeds);
  const table = schema === "curated" ? models.get(relation) : undefined;
  if (input !== undefined && table) return joined(input, table.contract, [table.key]);
  const feed = feeds.get(input ?? "");
  return feed && joined(feed.id, feed.contract, [feed.businessKey, feed.sourceKey, ...madeOfKey(feed)]);
}

function fanOut(table: string, of: { readonly join: Join; readonly found: Joined; readonly at: Position }): Problem {
  const { schema, relation, by } = of.join;
  const { input, lists } = of.found;
  const compared = by.length === 0 ? "nothing that every row has to equal" : `(${by.join(", ")})`;
  const name = schema === null ? `the query ${relation}` : `${schema}.${relation}`;
  const says = `${name} is joined by ${compared}, of which it may have several rows: those of ${table} would be doubled`;
  const keys = lists.map((columns) => `(${columns.join(", ")})`).join(" or ");
  const other = schema === null ? "group it by that" : "group it before, give its contract a unique rule";
  return inconsistent(of.at, says, `join it by ${keys}, ${other}, or say fans_out: [${input}] where several are meant`);
}

/** A SELECT with its inputs (what it reads beside them is told of elsewhere), and those of which several rows are meant. */
interface ReadJoins extends Pick<ModelFile, "select" | "selectAt"> {
  readonly inputs: readonly string[];
  readonly meant: readonly string[];
}

/**
 * Joins of a model whose right side may have several rows for one of the left: rows would be doubled, and money with them. A relation is joined
 * once where its key, or what a unique rule of its contract names, is compared for equality; a query where all that it is grouped by is. What
 * else queries give is not known.
 */
export function fanOuts(table: string, { inputs, meant, ...file }: ReadJoins, joinable: Joinable): Problem[] {
  const others = inputs.filter((input) => input !== `curated.${table}`);
  return joinsIn(file.select).flatMap((join) => {
    const found = relationOf(join, joinable);
    if (!found || meant.includes(found.input) || !(join.schema === null || others.includes(found.input))) return [];
    const isOnce = found.lists.some((columns) => columns.every((column) => join.by.includes(column)));
    return isOnce ? [] : [fanOut(table, { join, found, at: placeIn(file, join.at) })];
  });
}
