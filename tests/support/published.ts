import type { Session, Warehouse } from "../../src/warehouse/warehouse.ts";

/** Everything published, table by table, each row as JSON; ids and times of runs and what is counted by attempts left out. */
export type Published = Readonly<Record<string, readonly string[]>>;

/** Fences rise with every attempt; the version row and the declared keys are written with the tables, before anything is published. */
const NOT_PUBLISHED = /^ops\.(fence.*|schema_version|audit_event)$/;
const IDS_AND_TIMES = new Set([
  ...["run_id", "batch_id", "row_id", "manifest", "file", "fingerprints", "code_version", "actor"],
  ...["token", "seq", "base_head", "cursor_position", "cursor_identity", "horizon", "as_of"],
  ...["published_at", "opened_at", "happened_at", "judged_at", "deleted_at"],
  ...["_batch_id", "_seq", "_deleted_at", "_position", "position"],
]);
/** In what a gate says. */
const INSTANT = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?`;
/** Of these only whether they are set counts. */
const MARKS = new Set(["deleted_at", "_deleted_at"]);

async function tables(session: Session): Promise<Map<string, string[]>> {
  const rows = await session.rows({
    name: "published.columns",
    sql: `SELECT c.schema_name || '.' || c.table_name AS name, c.column_name
FROM duckdb_columns() c JOIN duckdb_tables() t USING (database_name, schema_name, table_name)
WHERE c.database_name = 'wh' AND c.schema_name IN ('staging', 'curated', 'history', 'ops') ORDER BY name, c.column_index`,
  });
  const found = new Map<string, string[]>();
  for (const { name, column_name: column } of rows) {
    if (name && column && !NOT_PUBLISHED.test(name)) found.set(name, [...(found.get(name) ?? []), column]);
  }
  return found;
}

/** Reads everything published in an open session. Tables without rows are left out, so that a warehouse not yet made is an empty one. */
async function readIn(session: Session): Promise<Published> {
  const published: Record<string, string[]> = {};
  for (const [table, columns] of await tables(session)) {
    const kept = columns.flatMap((c) => {
      if (MARKS.has(c)) return [`"${c}" IS NOT NULL AS "${c}"`];
      if (c === "observed") return [`regexp_replace(observed, '${INSTANT}', 'an instant', 'g') AS observed`];
      // A run without a window ends at its own instant, which is no whole minute.
      if (c === "window_end")
        return ["CASE WHEN date_trunc('minute', window_end) = window_end THEN window_end END AS window_end"];
      return IDS_AND_TIMES.has(c) ? [] : [`"${c}"`];
    });
    const rows = await session.rows({
      name: "published.rows",
      sql: `SELECT CAST(to_json(x) AS VARCHAR) AS row FROM (SELECT ${kept.join(", ")} FROM ${table}) x ORDER BY row`,
    });
    if (rows.length > 0) published[table] = rows.map((r) => r["row"] ?? "");
  }
  return published;
}

/** Reads everything published as a reader would: through the product's guard, read-only. */
export async function readPublished(warehouse: Pick<Warehouse, "open">): Promise<Published> {
  const session = await warehouse.open({ purpose: "what is published", readOnly: true });
  try {
    return await readIn(session);
  } finally {
    await session.close();
  }
}
