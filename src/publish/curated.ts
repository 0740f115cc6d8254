import { entersStaging } from "../checks/entering.ts";
import type { Feed, Model, Touch } from "../config/pipeline.ts";
import { namesIdentifier, relationsIn, withoutSchema } from "../contract/sql-tokens.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { CURATED_META, curatedRows, feedName, stem, workName, workTable } from "../warehouse/relations.ts";
import { columns, pairedKey, sameKey } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { type FeedChange, isFirst, replacedRows, type Writing } from "./staging.ts";

const META = CURATED_META.map(([name]) => name);

function names(model: Model): string[] {
  return model.contract.columns.map((c) => c.name);
}

function list(dialect: Dialect, columnNames: readonly string[]): string {
  return columnNames.map((name) => dialect.identifier(name)).join(", ");
}

function entering(dialect: Dialect, feed: Feed): string {
  return `${workTable(dialect, "label", feed)} l WHERE ${entersStaging(dialect, feed, "l")}`;
}

interface Reach {
  readonly touch: Touch;
  readonly change: FeedChange;
}

/** Keys that a feed's changed rows reach, old and new values alike. */
function reached(dialect: Dialect, model: Model, { touch, change }: Reach): string {
  const { feed } = change.input;
  const replaced = replacedRows(dialect, change);
  if ("columns" in touch) {
    const aliased = (alias: string) =>
      touch.columns
        .map((name, i) => `${alias}.${dialect.identifier(name)} AS ${dialect.identifier(model.key[i] ?? name)}`)
        .join(", ");
    const old = replaced === null ? "" : `\n    UNION ALL SELECT ${aliased("o")} FROM (${replaced}) o`;
    return `SELECT ${aliased("l")} FROM ${entering(dialect, feed)}${old}`;
  }
  const all = feed.contract.columns.map((c) => c.name);
  const old = `\n      UNION ALL SELECT ${columns(dialect, "o", all)} FROM ${workTable(dialect, "old", feed)} o`;
  return `SELECT * FROM (WITH changed AS (
      SELECT ${columns(dialect, "l", all)} FROM ${entering(dialect, feed)}${replaced === null ? "" : old}
    ) ${touch.select}
    ) k (${list(dialect, model.key)})`;
}

/** The feeds of a run that a model's touches name. */
function touching(model: Model, changes: readonly FeedChange[]): Reach[] {
  return model.touches.flatMap((touch) => {
    const change = changes.find((c) => c.input.feed.id === touch.feed);
    return change ? [{ touch, change }] : [];
  });
}

/** The feeds whose replaced rows a model's touches ask for again when staging no longer has them. */
export function asksForReplaced(models: readonly Model[], change: FeedChange): boolean {
  return models.some((model) => touching(model, [change]).some(({ touch }) => "select" in touch));
}

function touchedTable(dialect: Dialect, model: Model): string {
  return dialect.work(workName("touched", model.table));
}

function distinctKeys(dialect: Dialect, model: Model, parts: readonly string[]): string {
  const given = model.key.map((name) => `k.${dialect.identifier(name)} IS NOT NULL`).join(" AND ");
  return `SELECT DISTINCT ${columns(dialect, "k", model.key)} FROM (
    ${parts.join("\n    UNION ALL\n    ")}
) k WHERE ${given}`;
}

/** Business keys to recompute, from the changed rows and the staging tables as they are before the publication. */
export function collectTouched(dialect: Dialect, model: Model, changes: readonly FeedChange[]): Statement {
  const parts = touching(model, changes).map((t) => reached(dialect, model, t));
  return {
    name: `touched.${model.table}`,
    sql: dialect.createWork(workName("touched", model.table), distinctKeys(dialect, model, parts)),
  };
}

/** Keys that only the new state of staging reaches; null when the model's touches name columns alone. */
export function extendTouched(dialect: Dialect, model: Model, changes: readonly FeedChange[]): Statement | null {
  const parts = touching(model, changes)
    .filter((t) => "select" in t.touch)
    .map((t) => reached(dialect, model, t));
  if (parts.length === 0) return null;
  const touched = touchedTable(dialect, model);
  return {
    name: `touched-after.${model.table}`,
    sql: `INSERT INTO ${touched} (${list(dialect, model.key)})
SELECT n.* FROM (${distinctKeys(dialect, model, parts)}) n
WHERE NOT EXISTS (SELECT 1 FROM ${touched} t WHERE ${sameKey(dialect, model.key, ["t", "n"])})`,
  };
}

/** Whether a run changes what a model is made of. */
export function isTouched(model: Model, changes: readonly FeedChange[]): boolean {
  return touching(model, changes).length > 0;
}

/**
 * A model over the rows that enter staging in this run instead of staging itself, which was empty before: the same rows. DuckDB
 * (1.5.5) reads what its own transaction wrote with one thread, and the label tables with all.
 */
function overEntering(dialect: Dialect, model: Model, changes: readonly FeedChange[]): string {
  const named = new Set(relationsIn(model.select, "staging").map((name) => name.toLowerCase()));
  const feeds = changes.map((change) => change.input.feed).filter((feed) => named.has(stem(feed)));
  const select = withoutSchema(model.select, "staging", feeds.map(stem));
  if (select === undefined || feeds.length === 0) return model.select;
  const entered = feeds.map((feed) => {
    const own = columns(
      dialect,
      "l",
      feed.contract.columns.map((c) => c.name),
    );
    return `${dialect.identifier(stem(feed))} AS (SELECT ${own} FROM ${entering(dialect, feed)})`;
  });
  return `WITH ${entered.join(",\n")}\nSELECT * FROM (\n${select}\n) e`;
}

/** The lists of columns by which rows of each relation reach a model's keys, where columns alone say so. */
function waysOf(model: Model): Map<string, (readonly string[])[]> {
  const ways = new Map<string, (readonly string[])[]>();
  for (const relation of relationsIn(model.select, "staging").map((name) => name.toLowerCase())) {
    const touches = model.touches.filter((touch) => stem(feedName(touch.feed)) === relation);
    const lists = touches.flatMap((touch) => ("columns" in touch ? [touch.columns] : []));
    if (lists.length > 0 && lists.length === touches.length) ways.set(relation, lists);
  }
  return ways;
}

/**
 * A model that joins, over the rows that reach touched keys: by its touches no other row has a part in them. Left to itself no engine
 * brings the touched keys below an outer join, and each hour would join whole feeds.
 */
function overTouched(dialect: Dialect, model: Model): string {
  if (!namesIdentifier(model.select, "join")) return model.select;
  const ways = waysOf(model);
  const select = withoutSchema(model.select, "staging", [...ways.keys()]);
  if (select === undefined || ways.size === 0) return model.select;
  const parts = [...ways].map(([relation, lists]) => {
    const reaching = lists.map((names) => {
      const same = pairedKey(dialect, { alias: "s", names }, { alias: "t", names: model.key });
      return `SELECT s.* FROM ${dialect.table("staging", relation)} s JOIN ${touchedTable(dialect, model)} t ON ${same}`;
    });
    return `${dialect.identifier(relation)} AS (${reaching.join("\n  UNION ")})`;
  });
  return `WITH ${parts.join(",\n")}\nSELECT * FROM (\n${select}\n) e`;
}

function computed(dialect: Dialect, model: Model, select: string): string {
  const cast = model.contract.columns.map(
    (c) => `CAST(m.${dialect.identifier(c.name)} AS ${dialect.columnType(c.type)}) AS ${dialect.identifier(c.name)}`,
  );
  return `SELECT ${cast.join(", ")} FROM (
${select}
) m`;
}

interface WriteCurated {
  readonly model: Model;
  readonly writing: Writing;
  readonly changes: readonly FeedChange[];
}

/** The model's rows of touched keys; all of them when nothing was published before, which spares the join. */
function currentRows(dialect: Dialect, { model, writing, changes }: WriteCurated): string {
  const select = isFirst(writing) ? overEntering(dialect, model, changes) : overTouched(dialect, model);
  const rows = `(${computed(dialect, model, select)}) n`;
  if (!isFirst(writing)) return `${rows}\nJOIN ${touchedTable(dialect, model)} t ON ${sameKey(dialect, model.key, ["n", "t"])}`;
  return `${rows}\nWHERE ${model.key.map((name) => `n.${dialect.identifier(name)} IS NOT NULL`).join(" AND ")}`;
}

function insertCurrent(dialect: Dialect, options: WriteCurated): Statement {
  const { model, writing } = options;
  return {
    name: `curated-${isFirst(writing) ? "first" : "insert"}.${model.table}`,
    sql: `INSERT INTO ${curatedRows(dialect, model)} (${list(dialect, [...names(model), ...META])})
SELECT ${columns(dialect, "n", names(model))}, ${dialect.literal(model.contract.version)}, ${writing.number}, CAST(NULL AS ${dialect.columnType({ kind: "timestamp" })})
FROM ${currentRows(dialect, options)}`,
  };
}

/** A replaced version is a live row of a touched key, or a tombstone whose key is returned again. */
function keepReplaced(dialect: Dialect, model: Model, writing: Writing): Statement {
  const table = curatedRows(dialect, model);
  const kept = [...names(model), ...(model.retired ?? []), ...META];
  return {
    name: `history-insert.${model.table}`,
    sql: `INSERT INTO ${dialect.table("history", model.table)} (${list(dialect, kept)}, _to_publication)
SELECT ${columns(dialect, "c", kept)}, ${writing.number}
FROM ${table} c JOIN ${touchedTable(dialect, model)} t ON ${sameKey(dialect, model.key, ["c", "t"])}
LEFT JOIN ${table} n ON n._publication = ${writing.number} AND ${sameKey(dialect, model.key, ["n", "c"])}
WHERE c._publication < ${writing.number} AND (c.deleted_at IS NULL OR n._publication IS NOT NULL)`,
  };
}

function deleteReplaced(dialect: Dialect, model: Model, writing: Writing): Statement {
  const target = curatedRows(dialect, model);
  const same = model.key.map((name) => `${target}.${dialect.identifier(name)} = h.${dialect.identifier(name)}`);
  return {
    name: `curated-delete.${model.table}`,
    sql: `DELETE FROM ${target} USING ${dialect.table("history", model.table)} h
WHERE h._to_publication = ${writing.number} AND ${target}._publication < ${writing.number} AND ${same.join(" AND ")}`,
  };
}

function insertTombstones(dialect: Dialect, model: Model, writing: Writing): Statement {
  const table = curatedRows(dialect, model);
  return {
    name: `curated-tombstone.${model.table}`,
    sql: `INSERT INTO ${table} (${list(dialect, [...names(model), ...META])})
SELECT ${columns(dialect, "h", names(model))}, ${dialect.literal(model.contract.version)}, ${writing.number}, ${writing.now}
FROM ${dialect.table("history", model.table)} h
WHERE h._to_publication = ${writing.number} AND h.deleted_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM ${table} n WHERE n._publication = ${writing.number} AND ${sameKey(dialect, model.key, ["n", "h"])})`,
  };
}

/**
 * Recomputes the touched keys of a curated table: new rows first, then the replaced versions move to history, then keys that
 * the model no longer returns become tombstones. Plain DELETE … USING and INSERT: a MERGE of whole tables ran out of 1.5 GB.
 */
export async function writeCurated(session: Session, dialect: Dialect, options: WriteCurated): Promise<void> {
  const { model, writing } = options;
  await session.run(insertCurrent(dialect, options));
  if (isFirst(writing)) return;
  const replaced = await session.run(keepReplaced(dialect, model, writing));
  if (replaced === 0n) return;
  await session.run(deleteReplaced(dialect, model, writing));
  await session.run(insertTombstones(dialect, model, writing));
}
