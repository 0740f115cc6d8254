import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { fence, ops, opsColumns } from "../warehouse/ops-tables.ts";
import { asText } from "../warehouse/sql-text.ts";
import type { Session, TextRow } from "../warehouse/warehouse.ts";

/** Who takes a group's fence. */
export interface FenceOwner {
  readonly group: string;
  readonly runId: string;
  /** The instant as SQL. */
  readonly now: string;
}

/**
 * Raises the fence above every token ever given. From the commit of this on, an older publisher is dead. The token comes from
 * the warehouse itself, so that losing the control store can never hand out a lower one.
 */
export function raiseFence(dialect: Dialect, owner: FenceOwner): Statement[] {
  const table = fence(dialect, owner.group);
  const group = dialect.literal(owner.group);
  return [
    {
      name: "begin.fence",
      sql: `UPDATE ${table} SET token = GREATEST(token, (SELECT COALESCE(MAX(t.token), 0) FROM ${ops(dialect, "fence_token")} t WHERE t.run_group = ${group})) + 1, run_id = ${dialect.literal(owner.runId)}`,
    },
    {
      name: "begin.fence-token",
      sql: `INSERT INTO ${ops(dialect, "fence_token")} (${opsColumns("fence_token")})
SELECT ${group}, f.token, f.run_id, ${owner.now} FROM ${table} f`,
    },
  ];
}

/** The first statement of the publish transaction: takes the group's lock. It must change exactly one row; it proves nothing. */
export function takeFence(dialect: Dialect, owner: FenceOwner): Statement {
  return {
    name: "publish.fence",
    sql: `UPDATE ${fence(dialect, owner.group)} SET run_id = ${dialect.literal(owner.runId)}`,
  };
}

/** What stands in the append-only tables, read by a statement begun after the lock was taken. */
export interface HeadProof {
  readonly head: bigint;
  readonly token: bigint;
  /** Publication that holds each already published batch id. */
  readonly published: ReadonlyMap<string, string>;
}

/** The group's highest publication number and token, one row of the append-only tables. */
function numbersOf(dialect: Dialect, group: string): string {
  const highest = (column: string, table: "publication" | "fence_token") =>
    asText(`(SELECT COALESCE(MAX(x.${column}), 0) FROM ${ops(dialect, table)} x WHERE x.run_group = ${dialect.literal(group)})`);
  return `SELECT ${highest("number", "publication")} AS head, ${highest("token", "fence_token")} AS token`;
}

const numbers = (row: TextRow | undefined) => ({ head: BigInt(row?.["head"] ?? "0"), token: BigInt(row?.["token"] ?? "0") });

/** The group's highest publication number and token. */
export async function readNumbers(session: Session, dialect: Dialect, group: string): Promise<{ head: bigint; token: bigint }> {
  const [row] = await session.rows({ name: "begin.head", sql: numbersOf(dialect, group) });
  return numbers(row);
}

/** Reads the group's highest number and token and looks the batches up, in one statement. */
export async function proveHead(
  session: Session,
  dialect: Dialect,
  options: { group: string; batchIds: readonly string[] },
): Promise<HeadProof> {
  const ours = options.batchIds.length === 0 ? "1 = 0" : `b.batch_id IN (${literals(dialect, options.batchIds)})`;
  const rows = await session.rows({
    name: "publish.head",
    sql: `SELECT n.head, n.token, b.batch_id, b.publication_id FROM (${numbersOf(dialect, options.group)}) n
LEFT JOIN ${ops(dialect, "batch")} b ON ${ours}`,
  });
  return { ...numbers(rows[0]), published: publicationOf(rows) };
}

const literals = (dialect: Dialect, texts: readonly string[]) => texts.map((text) => dialect.literal(text)).join(", ");

/** Batch id → publication id, of the rows that name a batch. */
function publicationOf(rows: readonly TextRow[]): Map<string, string> {
  return new Map(rows.flatMap(({ batch_id: batch, publication_id: publication }) => (batch ? [[batch, publication ?? ""]] : [])));
}

/** The publications of a run: one or none, also one without batches. */
export async function publicationsOf(session: Session, dialect: Dialect, runId: string): Promise<string[]> {
  const rows = await session.rows({
    name: "publication-lookup",
    sql: `SELECT p.publication_id FROM ${ops(dialect, "publication")} p WHERE p.run_id = ${dialect.literal(runId)}`,
  });
  return rows.flatMap((row) => row["publication_id"] ?? []);
}

/** Batch id → publication id, for those of the given batches that are published. */
export async function publishedBatches(
  session: Session,
  dialect: Dialect,
  batchIds: readonly string[],
): Promise<Map<string, string>> {
  if (batchIds.length === 0) return new Map();
  const rows = await session.rows({
    name: "batch-lookup",
    sql: `SELECT b.batch_id, b.publication_id FROM ${ops(dialect, "batch")} b WHERE b.batch_id IN (${literals(dialect, batchIds)})`,
  });
  return publicationOf(rows);
}
