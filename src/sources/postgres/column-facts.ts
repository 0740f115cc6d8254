import type { Session } from "./session.ts";

/** What the catalog says about a column beyond what a manifest keeps of it. */
export interface ColumnFacts {
  /** Its type without domains, e.g. `character(4)` for a domain over a domain over char(4). */
  readonly base: string;
  /** Whether texts of other bytes are equal at the source: by the type citext, or by a nondeterministic collation, which is named. */
  readonly equalBy: string | null;
}

/** A domain's own modifier counts where its base type is reached; a domain over a domain cannot have one. */
const FACTS = `
with recursive base as (
  select a.attname as name, a.atttypid as oid, a.atttypmod as modifier, a.attcollation as collation
    from pg_catalog.pg_attribute a
   where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped
   union all
  select b.name, t.typbasetype, t.typtypmod, b.collation from base b join pg_catalog.pg_type t on t.oid = b.oid where t.typtype = 'd')
select b.name, format_type(b.oid, b.modifier) as base,
       case when t.typname = 'citext' then 'the type citext'
            when not c.collisdeterministic then 'the nondeterministic collation ' || quote_ident(c.collname) end as "equalBy"
  from base b join pg_catalog.pg_type t on t.oid = b.oid left join pg_catalog.pg_collation c on c.oid = b.collation
 where t.typtype <> 'd'`;

/** Facts of every column of a relation, by its name. */
export async function columnFacts(session: Session, oid: string): Promise<Map<string, ColumnFacts>> {
  const rows = await session.rows<{ name: string; base: string; equalBy: string | null }>(FACTS, [oid]);
  return new Map(rows.map(({ name, base, equalBy }) => [name, { base, equalBy }]));
}
