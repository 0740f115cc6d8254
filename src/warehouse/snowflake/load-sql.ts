import type { Statement } from "../dialect.ts";
import type { RawBatch } from "../warehouse.ts";
import { snowflakeDialect as d } from "./dialect.ts";

/** Named objects that `warehouse apply` creates beside the tables. */
export const LANDING_STAGE = 'RAW."LANDING"';
export const LANDING_FORMAT = 'RAW."LANDED_CSV"';

/**
 * Nothing is guessed and nothing is skipped: a malformed file is an error. NULL is the bare empty field, `""` stays an empty
 * string, and no text stands for NULL.
 */
export const CSV_FORMAT =
  "TYPE = CSV SKIP_HEADER = 1 FIELD_OPTIONALLY_ENCLOSED_BY = '\"' EMPTY_FIELD_AS_NULL = TRUE NULL_IF = () ESCAPE_UNENCLOSED_FIELD = NONE";

const META = ["_batch_id", "_file"].map(d.identifier);

function textColumns(names: readonly string[]): string {
  return names.map((name) => `${d.identifier(name)} VARCHAR`).join(", ");
}

/** An empty raw table of the session: batch id, file and all columns as text. */
export function createRaw(batch: RawBatch): Statement {
  const meta = META.map((name) => `${name} VARCHAR`).join(", ");
  return {
    name: `raw.${batch.feed}`,
    sql: `CREATE OR REPLACE TEMPORARY TABLE ${d.table("raw", batch.relation)} (${meta}, ${textColumns(batch.columns)})`,
  };
}

/** Takes a raw table of the session away. */
export function dropRaw(relation: string): Statement {
  return { name: `raw.release.${relation}`, sql: `DROP TABLE IF EXISTS ${d.table("raw", relation)}` };
}

/** Files of the external stage in one COPY, at most as many as the FILES option takes. */
export const MOST_FILES = 1000;

/**
 * Loads landed files through the external stage over the landing.
 * @param prefix what the bucket has before a key, e.g. `landing/`; METADATA$FILENAME carries it.
 */
export function copyStaged(batch: RawBatch, keys: readonly string[], prefix: string): Statement {
  const file = prefix === "" ? "METADATA$FILENAME" : `SUBSTR(METADATA$FILENAME, ${prefix.length + 1})`;
  const values = [d.literal(batch.batchId), file, ...batch.columns.map((_, i) => `$${i + 1}`)];
  const columns = [...META, ...batch.columns.map(d.identifier)];
  return {
    name: `copy.${batch.feed}`,
    sql: `COPY INTO ${d.table("raw", batch.relation)} (${columns.join(", ")})
FROM (SELECT ${values.join(", ")} FROM @${LANDING_STAGE})
FILES = (${keys.map(d.literal).join(", ")})
FILE_FORMAT = (${CSV_FORMAT}) ON_ERROR = ABORT_STATEMENT`,
  };
}

/** The stage of a session that uploads. */
const UPLOAD_STAGE = "LEDGERLOOP_UPLOAD";
/** What a session needs once before it uploads. */
export const CREATE_UPLOAD: Statement = {
  name: "raw.upload-stage",
  sql: `CREATE TEMPORARY STAGE IF NOT EXISTS ${UPLOAD_STAGE}`,
};

/**
 * PUT of one packed file into a folder of its own, so that equal names of two batches do not meet. It names no compression: the
 * driver (3.3.0) fails on.
 */
export function put(batch: RawBatch, { path, folder }: { path: string; folder: string }): Statement {
  return {
    name: `put.${batch.feed}`,
    sql: `PUT 'file://${path.replaceAll("\\", "/").replaceAll("'", "\\'")}' @${UPLOAD_STAGE}/${folder} AUTO_COMPRESS=FALSE OVERWRITE=TRUE`,
  };
}

/** Loads one packed file, which brings batch id and key as its first two columns. */
export function copyUploaded(batch: RawBatch, staged: string): Statement {
  const columns = [...META, ...batch.columns.map(d.identifier)];
  const values = columns.map((_, i) => `CAST($1:c${i} AS VARCHAR)`);
  return {
    name: `copy.${batch.feed}`,
    sql: `COPY INTO ${d.table("raw", batch.relation)} (${columns.join(", ")})
FROM (SELECT ${values.join(", ")} FROM @${UPLOAD_STAGE}/${staged})
FILE_FORMAT = (TYPE = PARQUET) ON_ERROR = ABORT_STATEMENT`,
  };
}
