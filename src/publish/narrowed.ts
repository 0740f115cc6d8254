import type { ByColumns, Model, ModelInput } from "../config/pipeline.ts";
import { stagedColumns } from "../contract/derived-column.ts";
import { mentionsIn, namesIdentifier, withoutSchema } from "../sql/tokens.ts";
import type { Dialect, Schema } from "../warehouse/dialect.ts";
import { readAs } from "../warehouse/joined-inputs.ts";
import { stem } from "../warehouse/relations.ts";
import { columns } from "../warehouse/sql-text.ts";
import type { FeedChange } from "./staging.ts";
import { enteringRows } from "./touched.ts";
import { ownColumns, reachingRows } from "./ways.ts";

/** A query over WITHs in place of relations: names of these without their schema, and what they stand for. */
interface Replaced {
  readonly select: string;
  readonly parts: readonly string[];
}

interface Part {
  readonly identifier: string;
  readonly relation: string;
  /** The rows that stand for it. */
  readonly rows: string;
}

/** Puts a WITH in place of a relation; as it is where the query uses the relation's name for something else. */
function replaced(of: Replaced, schema: Schema, { rows, ...part }: Part): Replaced {
  const select = withoutSchema(of.select, schema, part);
  return select === undefined ? of : { select, parts: [...of.parts, `${part.identifier} AS (${rows})`] };
}

const withParts = ({ select, parts }: Replaced): string =>
  parts.length === 0 ? select : `WITH ${parts.join(",\n")}\nSELECT * FROM (\n${select}\n) e`;

/**
 * A model over the rows that enter staging in this run instead of staging itself, which was empty before: the same rows. DuckDB
 * (1.5.5) reads what its own transaction wrote with one thread, and the label tables with all. What is read twice stays as it is:
 * a WITH would be kept whole in memory.
 */
export function overEntering(dialect: Dialect, model: Model, changes: readonly FeedChange[]): string {
  const mentions = mentionsIn(model.select, "staging").map((name) => name.toLowerCase());
  const feeds = changes.map((change) => change.input.feed);
  const once = feeds.filter((feed) => mentions.filter((name) => name === stem(feed)).length === 1);
  const over = once.reduce<Replaced>(
    (of, feed) => {
      const own = columns(
        dialect,
        "l",
        stagedColumns(feed.contract).map((c) => c.name),
      );
      const rows = `SELECT ${own} FROM ${enteringRows(dialect, feed)}`;
      return replaced(of, "staging", { relation: stem(feed), identifier: dialect.identifier(stem(feed)), rows });
    },
    { select: model.select, parts: [] },
  );
  return withParts(over);
}

/** An input, and the ways that its rows take. */
interface Narrowed {
  readonly input: ModelInput;
  readonly ways: readonly ByColumns[];
}

/**
 * The ways by which rows of each relation of a schema reach a model's keys, where columns say so and no SELECT. A relation that is read several
 * times has one way for each use, which only joins can say: where it has columns alone it is read whole, or a row that is joined to another
 * one of its own relation would not find it.
 */
function waysOf(model: Model, schema: Schema): Map<string, Narrowed> {
  const ways = new Map<string, Narrowed>();
  const mentions = mentionsIn(model.select, schema).map((name) => name.toLowerCase());
  for (const relation of new Set(mentions)) {
    const touches = model.touches.filter((touch) => readAs(touch).schema === schema && readAs(touch).relation === relation);
    const [input] = touches;
    const byColumns = touches.flatMap((touch) => ("columns" in touch && ownColumns(touch).length > 0 ? [touch] : []));
    const isOnce = mentions.filter((name) => name === relation).length === 1;
    const saysEachUse = isOnce || byColumns.some(({ through }) => through !== undefined);
    if (input && saysEachUse && byColumns.length === touches.length) ways.set(relation, { input, ways: byColumns });
  }
  return ways;
}

/**
 * A model that joins, over the rows that reach touched keys: by its touches no other row has a part in them. Left to itself no engine
 * brings the touched keys below an outer join, and each hour would join whole tables.
 */
export function overTouched(dialect: Dialect, model: Model): string {
  if (!namesIdentifier(model.select, "join")) return model.select;
  let over: Replaced = { select: model.select, parts: [] };
  for (const schema of ["staging", "curated"] as const) {
    for (const [relation, of] of waysOf(model, schema)) {
      const rows = reachingRows(dialect, model, of);
      over = replaced(over, schema, { relation, identifier: dialect.identifier(relation), rows });
    }
  }
  return withParts(over);
}
