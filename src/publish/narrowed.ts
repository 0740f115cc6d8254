import type { Model, ModelInput } from "../config/pipeline.ts";
import { stagedColumns } from "../contract/derived-column.ts";
import { namesIdentifier, relationsIn, withoutSchema } from "../contract/sql-tokens.ts";
import type { Dialect, Schema } from "../warehouse/dialect.ts";
import { feedName, stem } from "../warehouse/relations.ts";
import { columns, pairedKey } from "../warehouse/sql-text.ts";
import type { FeedChange } from "./staging.ts";
import { enteringRows, touchedTable } from "./touched.ts";

/**
 * A model over the rows that enter staging in this run instead of staging itself, which was empty before: the same rows. DuckDB
 * (1.5.5) reads what its own transaction wrote with one thread, and the label tables with all.
 */
export function overEntering(dialect: Dialect, model: Model, changes: readonly FeedChange[]): string {
  const named = new Set(relationsIn(model.select, "staging").map((name) => name.toLowerCase()));
  const feeds = changes.map((change) => change.input.feed).filter((feed) => named.has(stem(feed)));
  const select = withoutSchema(model.select, "staging", feeds.map(stem));
  if (select === undefined || feeds.length === 0) return model.select;
  const entered = feeds.map((feed) => {
    const own = columns(
      dialect,
      "l",
      stagedColumns(feed.contract).map((c) => c.name),
    );
    return `${dialect.identifier(stem(feed))} AS (SELECT ${own} FROM ${enteringRows(dialect, feed)})`;
  });
  return `WITH ${entered.join(",\n")}\nSELECT * FROM (\n${select}\n) e`;
}

/** The schemas that models read. */
const READ = ["staging", "curated"] as const satisfies readonly Schema[];
type Read = (typeof READ)[number];

/** The relation of a schema that an input is read as; undefined where it lies in another. */
function readAs(input: ModelInput, schema: Read): string | undefined {
  if (schema === "staging") return "feed" in input ? stem(feedName(input.feed)) : undefined;
  return "table" in input ? input.table : undefined;
}

/** The lists of columns by which rows of each relation of a schema reach a model's keys, where columns alone say so. */
function waysOf(model: Model, schema: Read): Map<string, (readonly string[])[]> {
  const ways = new Map<string, (readonly string[])[]>();
  for (const relation of relationsIn(model.select, schema).map((name) => name.toLowerCase())) {
    const touches = model.touches.filter((touch) => readAs(touch, schema) === relation);
    const lists = touches.flatMap((touch) => ("columns" in touch ? [touch.columns] : []));
    if (lists.length > 0 && lists.length === touches.length) ways.set(relation, lists);
  }
  return ways;
}

/**
 * A model that joins, over the rows that reach touched keys: by its touches no other row has a part in them. Left to itself no engine
 * brings the touched keys below an outer join, and each hour would join whole tables.
 */
export function overTouched(dialect: Dialect, model: Model): string {
  if (!namesIdentifier(model.select, "join")) return model.select;
  const parts: string[] = [];
  let { select } = model;
  for (const schema of READ) {
    const ways = waysOf(model, schema);
    const without = ways.size === 0 ? undefined : withoutSchema(select, schema, [...ways.keys()]);
    if (without === undefined) continue;
    select = without;
    parts.push(...[...ways].map(([relation, lists]) => reachingRows(dialect, model, { schema, relation, lists })));
  }
  return parts.length === 0 ? model.select : `WITH ${parts.join(",\n")}\nSELECT * FROM (\n${select}\n) e`;
}

function reachingRows(
  dialect: Dialect,
  model: Model,
  { schema, relation, lists }: { schema: Read; relation: string; lists: readonly (readonly string[])[] },
): string {
  const reaching = lists.map((names) => {
    const same = pairedKey(dialect, { alias: "s", names }, { alias: "t", names: model.key });
    return `SELECT s.* FROM ${dialect.table(schema, relation)} s JOIN ${touchedTable(dialect, model)} t ON ${same}`;
  });
  return `${dialect.identifier(relation)} AS (${reaching.join("\n  UNION ")})`;
}
