import type { ByColumns, Model, ModelInput } from "../config/pipeline.ts";
import { stagedColumns } from "../contract/derived-column.ts";
import { namesIdentifier, relationsIn, withoutSchema } from "../contract/sql-tokens.ts";
import type { Dialect, Schema } from "../warehouse/dialect.ts";
import { readAs } from "../warehouse/joined-inputs.ts";
import { stem } from "../warehouse/relations.ts";
import { columns } from "../warehouse/sql-text.ts";
import type { FeedChange } from "./staging.ts";
import { enteringRows } from "./touched.ts";
import { ownColumns, reachingRows } from "./ways.ts";

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

/** An input, and the ways that its rows take. */
interface Narrowed {
  readonly input: ModelInput;
  readonly ways: readonly ByColumns[];
}

/** The ways by which rows of each relation of a schema reach a model's keys, where columns say so and no SELECT. */
function waysOf(model: Model, schema: Schema): Map<string, Narrowed> {
  const ways = new Map<string, Narrowed>();
  for (const relation of relationsIn(model.select, schema).map((name) => name.toLowerCase())) {
    const touches = model.touches.filter((touch) => readAs(touch).schema === schema && readAs(touch).relation === relation);
    const [input] = touches;
    const byColumns = touches.flatMap((touch) => ("columns" in touch && ownColumns(touch).length > 0 ? [touch] : []));
    if (input && byColumns.length === touches.length) ways.set(relation, { input, ways: byColumns });
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
  for (const schema of ["staging", "curated"] as const) {
    const narrowed = waysOf(model, schema);
    const without = narrowed.size === 0 ? undefined : withoutSchema(select, schema, [...narrowed.keys()]);
    if (without === undefined) continue;
    select = without;
    parts.push(...[...narrowed].map(([name, of]) => `${dialect.identifier(name)} AS (${reachingRows(dialect, model, of)})`));
  }
  return parts.length === 0 ? model.select : `WITH ${parts.join(",\n")}\nSELECT * FROM (\n${select}\n) e`;
}
