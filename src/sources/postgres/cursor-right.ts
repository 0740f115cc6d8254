import type { Feed } from "../../config/pipeline.ts";
import { Failure } from "../../kernel/problem.ts";
import type { Finding } from "../source.ts";
import { mayStamp, type Relation } from "./catalog.ts";
import { postgresReading } from "./postgres-kind.ts";
import { cursorUnproven, sourceKeyNotUnique } from "./problems.ts";
import type { Session } from "./session.ts";

interface Facts {
  /** A unique index stands on the source key, or a part of it. */
  readonly unique: boolean;
  /** Some of the relation's rows lie on another server. */
  readonly foreign: boolean;
  /** Each of its tables gives the cursor column a value by itself: by a default, or by a row trigger before INSERT or UPDATE. */
  readonly stamped: boolean;
}

/*
 * A unique index of a table with heirs says nothing of their rows. A partition may lack the default where the parent has it: rows that
 * do not come through the parent then have no value, and are read each time.
 */
const FACTS = `
with recursive tree(oid) as (
  select $1::oid
  union all
  select i.inhrelid from pg_inherits i join tree t on i.inhparent = t.oid
), key as (
  select a.attnum from pg_attribute a where a.attrelid = $1::oid and a.attname = any($2::text[])
), filled as (
  select a.attrelid as oid from pg_attribute a join tree t on t.oid = a.attrelid
   where a.attname = $3 and not a.attisdropped and (a.atthasdef or a.attgenerated <> '')
), stamps as (
  select g.tgrelid as oid from pg_trigger g join tree t on t.oid = g.tgrelid
   where ${mayStamp("g")} and g.tgenabled in ('O', 'A')
)
select exists (
         select from pg_index i join pg_class c on c.oid = i.indrelid
          where i.indrelid = $1::oid and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
            and not (c.relkind = 'r' and c.relhassubclass)
            and not exists (select from unnest(i.indkey::int2[]) with ordinality as u(attnum, n)
                             where u.n <= i.indnkeyatts and u.attnum not in (select attnum from key))) as unique,
       exists (select from tree t join pg_class c on c.oid = t.oid where c.relkind = 'f') as foreign,
       exists (select from pg_class c join filled on filled.oid = c.oid where c.oid = $1::oid and c.relkind = 'p')
         or not exists (
         select from tree t join pg_class c on c.oid = t.oid
          where c.relkind = 'r' and t.oid not in (select oid from filled union select oid from stamps)) as stamped`;

const NO_CURSOR: Readonly<Record<Relation["kind"], string | null>> = {
  r: null,
  p: null,
  v: "it is a view, whose rows appear by more than the change that stamped them",
  m: "it is a materialized view, whose rows appear when it is refreshed",
  f: "it is a foreign table, whose server has transactions that this one does not see",
};

/** Why a relation cannot have an incremental cursor; null where it can. */
function whyNot({ kind }: Relation, { foreign, stamped }: Facts, column: string): string | null {
  if (NO_CURSOR[kind] !== null) return NO_CURSOR[kind];
  if (foreign) return "some of its partitions are foreign tables, whose server has transactions that this one does not see";
  return stamped ? null : `the column "${column}" has neither a default nor an enabled row trigger that could stamp changes`;
}

function keyFinding(feed: Feed, { unique }: Facts): Finding[] {
  const { cursor, uniqueSourceKey } = postgresReading(feed);
  if (unique || cursor.mode === "whole" || uniqueSourceKey === "checked nightly" || feed.version !== undefined) return [];
  if (uniqueSourceKey === "by index") throw new Failure("incomplete", sourceKeyNotUnique({ feed: feed.id, key: feed.sourceKey }));
  const key = feed.sourceKey.join(", ");
  const says = `no unique index stands on the source key (${key}): another row with the key of a published one waits, or replaces it where its business key is the same; declare unique_source_key: "checked nightly" and run --keys, or version, or cursor mode whole`;
  return [{ of: "source_key", says }];
}

/**
 * Whether a feed's relation can have the cursor and the source key that are declared.
 * @returns what every report repeats.
 * @throws Failure `incomplete` for a relation that cannot, and is not trusted to.
 */
export async function checkCursorRight(session: Session, feed: Feed, found: Relation): Promise<Finding[]> {
  const { cursor } = postgresReading(feed);
  if (cursor.mode === "whole") return [];
  const [facts] = await session.rows<Facts & Record<string, unknown>>(FACTS, [found.oid, feed.sourceKey, cursor.column]);
  if (!facts) throw new Error("a SELECT without FROM gave no row");
  const why = whyNot(found, facts, cursor.column);
  if (why !== null && cursor.trusted === undefined) {
    throw new Failure("incomplete", cursorUnproven({ feed: feed.id, origin: feed.origin, source: feed.source, why }));
  }
  const trusted: Finding[] = cursor.trusted === undefined ? [] : [{ of: "trusted", says: cursor.trusted }];
  return [...trusted, ...keyFinding(feed, facts)];
}
