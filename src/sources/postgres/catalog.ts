import type { Feed } from "../../config/pipeline.ts";
import type { SourceColumn } from "../source.ts";
import { type ColumnFacts, columnFacts } from "./column-facts.ts";
import { postgresReading } from "./postgres-kind.ts";
import type { Session } from "./session.ts";

/** A feed's relation, before anything is known of its columns. */
export interface RelationEntry {
  readonly oid: string;
  /** As pg_class.relkind: `r` table, `p` partitioned, `v` view, `m` materialized view, `f` foreign table. */
  readonly kind: "r" | "p" | "v" | "m" | "f";
  /** How a row is found again: by ctid, by partition and ctid, or (a view) not at all. */
  readonly position: "ctid" | "partition" | "none";
  /** Pages on disk; 0 where ranges of pages make no sense. */
  readonly pages: number;
  /** LOCK TABLE takes tables and views, but neither foreign tables nor materialized views. */
  readonly lockable: boolean;
}

/** What the catalog says about a feed's relation. */
export interface Relation extends RelationEntry {
  readonly columns: readonly SourceColumn[];
  /** What else is known of them, by name. */
  readonly facts: ReadonlyMap<string, ColumnFacts>;
}

/** True for a row of pg_trigger, under an alias, that may stamp changes: of rows, before INSERT or UPDATE, and of no constraint. */
export function mayStamp(alias: string): string {
  return `${alias}.tgconstraint = 0 and ${alias}.tgtype & 3 = 3 and ${alias}.tgtype & 20 <> 0`;
}

const RELATION = `
select c.oid::text as oid, c.relkind as kind,
       case when c.relkind = 'p' or c.relhassubclass then 'partition' when c.relkind in ('r', 'm') then 'ctid' else 'none' end as position,
       case when c.relkind = 'r' and not c.relhassubclass
            then (pg_relation_size(c.oid) / current_setting('block_size')::bigint)::int else 0 end as pages,
       c.relkind in ('r', 'p', 'v') as lockable
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p', 'v', 'm', 'f')`;

const COLUMNS = `
select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable
  from pg_attribute a
 where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped
 order by a.attnum`;

/** Finds a feed's relation by its name; null if there is none. */
export async function findRelation(session: Session, feed: Feed): Promise<RelationEntry | null> {
  const { schema, name } = postgresReading(feed).table;
  const [row] = await session.rows<RelationEntry & Record<string, unknown>>(RELATION, [schema, name]);
  return row ?? null;
}

/** The feed's relation as the catalog has it; null if there is none. */
export async function describeRelation(session: Session, feed: Feed): Promise<Relation | null> {
  const entry = await findRelation(session, feed);
  if (!entry) return null;
  const columns = await session.rows<{ name: string; type: string; nullable: boolean }>(COLUMNS, [entry.oid]);
  return { ...entry, columns, facts: await columnFacts(session, entry.oid) };
}

/** A column's type without domains; `unknown` where there is no such column. */
export function baseType(found: Relation, column: string): string {
  return found.facts.get(column)?.base ?? "unknown";
}
