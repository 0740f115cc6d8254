import { z } from "zod";
import type { Feed } from "../../config/pipeline.ts";
import type { Json } from "../../kernel/json.ts";
import { mayStamp, type Relation } from "./catalog.ts";
import { extractColumns } from "./select-sql.ts";
import type { Session } from "./session.ts";

const TEXTS = z.record(z.string(), z.string());
const SHAPE = z.strictObject({ columns: TEXTS, labels: TEXTS, leaves: TEXTS, made: z.string() });

/**
 * What decides the rows of a relation beside the statements that stamp them, at one moment. Where two moments differ, rows may
 * have changed, or appeared, without a new stamp.
 */
export type Shape = z.infer<typeof SHAPE>;

/*
 * columns: name → nothing for a column that the source lacks, else number, type, and digests of the value that old rows show in a column added with a default, and of the expression
 *   that a virtual column is computed by whenever it is read.
 * labels: oid of an enum's label → label, of enums in arrays, domains, ranges and composites too. A label that is added changes no row.
 * leaves: oid of a table with rows → its file / the transaction that attached it / its columns / its triggers, each a digest. Row triggers
 *   before INSERT or UPDATE alone can stamp; their catalog row's xmin tells that one was off for a while.
 * made: what a view or a foreign table is made of, and the attributes of composite types, which rows show as they are by now. The files
 *   of a materialized view are new with every refresh, so they are left out.
 */
const SHAPE_SQL = `
with recursive tree(oid, attached) as (
  select $1::oid, ''
  union all
  select i.inhrelid, t.attached || '.' || i.xmin::text from pg_inherits i join tree t on i.inhparent = t.oid
), member as (
  select t.oid, t.attached, c.relkind, pg_relation_filenode(c.oid) as file from tree t join pg_class c on c.oid = t.oid
), shown as (
  select a.attrelid, a.attname, a.atttypid,
         concat_ws(' ', a.attnum, a.atttypid, a.atttypmod, case when a.atthasmissing then left(md5(a.attmissingval::text), 8) end,
           case when a.attgenerated = 'v' then left(md5(pg_get_expr(d.adbin, d.adrelid)), 8) end) as says
    from pg_attribute a join tree t on t.oid = a.attrelid
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where a.attnum > 0 and not a.attisdropped and a.attname = any($2::text[])
), trig as (
  select t.tgrelid, left(md5(concat_ws(' ', t.oid, t.tgname, t.tgenabled, t.xmin, pg_get_triggerdef(t.oid), p.prosrc)), 8) as says
    from pg_trigger t join tree m on m.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid
   where ${mayStamp("t")}
), typ(oid) as (
  select s.atttypid from shown s
  union
  select p.oid from typ join pg_type t on t.oid = typ.oid cross join lateral (
    select t.typelem union all select t.typbasetype
    union all select r.rngsubtype from pg_range r where t.oid in (r.rngtypid, r.rngmultitypid)
    union all select a.atttypid from pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
  ) p(oid) where p.oid <> 0
)
select coalesce((select jsonb_object_agg(s.attname, s.says) from shown s where s.attrelid = $1::oid), '{}') as columns,
       coalesce((select jsonb_object_agg(e.oid, e.enumlabel) from pg_enum e join typ on typ.oid = e.enumtypid), '{}') as labels,
       coalesce((select jsonb_object_agg(m.oid, concat_ws('/', m.file, m.attached,
                (select left(md5(string_agg(s.attname || ' ' || s.says, ',' order by s.attname)), 8) from shown s where s.attrelid = m.oid),
                coalesce((select string_agg(g.says, '+' order by g.says) from trig g where g.tgrelid = m.oid), '')))
          from member m where m.relkind = 'r'), '{}') as leaves,
       coalesce((select left(md5(pg_get_viewdef(m.oid)), 8) from member m where m.oid = $1::oid and m.relkind in ('v', 'm')), '')
         || coalesce((select left(md5(string_agg(concat_ws(' ', f.ftrelid, f.ftserver, f.ftoptions), ',' order by f.ftrelid)), 8)
              from pg_foreign_table f join tree t on t.oid = f.ftrelid), '')
         || coalesce((select left(md5(string_agg(concat_ws(' ', a.attrelid, a.attnum, a.atttypid, a.atttypmod), ',' order by a.attrelid, a.attnum)), 8)
              from typ join pg_type t on t.oid = typ.oid join pg_attribute a on a.attrelid = t.typrelid
             where a.attnum > 0 and not a.attisdropped), '') as made`;

/** The shape of a feed's relation as the session's transaction sees the catalog. */
export async function readShape(session: Session, feed: Feed, found: Relation): Promise<Shape> {
  const names = extractColumns(feed);
  const [row] = await session.rows<Record<string, unknown>>(SHAPE_SQL, [found.oid, names]);
  const shape = SHAPE.parse(row);
  return { ...shape, columns: { ...Object.fromEntries(names.map((name) => [name, ""])), ...shape.columns } };
}

/** A shape out of a cursor; null for one that was written before shapes were kept. */
export function shapeOf(value: Json | undefined): Shape | null {
  const read = SHAPE.safeParse(value);
  return read.success ? read.data : null;
}

/** How a relation differs from what a cursor knows of it. */
export interface Reshaped {
  /** In words; empty where nothing but `attached` is new. */
  readonly changes: readonly string[];
  /** Oids of tables that came under the relation: all their rows are new to the feed. */
  readonly attached: readonly string[];
}

function changedColumns(was: Shape, is: Shape): string[] {
  const changed = Object.entries(was.columns).filter(
    ([name, says]) => is.columns[name] !== undefined && is.columns[name] !== says,
  );
  return changed.map(([name]) => `the column ${name} came, went, was made again, has another type or another value in old rows`);
}

function renamedLabels(was: Shape, is: Shape): string[] {
  const renamed = Object.entries(was.labels).filter(([oid, label]) => is.labels[oid] !== undefined && is.labels[oid] !== label);
  return renamed.map(([oid, label]) => `the label ${label} of an enum is called ${is.labels[oid]} now`);
}

interface Leaf {
  readonly file: string;
  readonly attached: string;
  readonly columns: string;
  readonly triggers: readonly string[];
}

function leafOf(text: string): Leaf {
  const [file = "", attached = "", columns = "", triggers = ""] = text.split("/");
  return { file, attached, columns, triggers: triggers === "" ? [] : triggers.split("+") };
}

/** A trigger that came is none that rows of before lacked; one that went, or was off for a while, is. */
function changedLeaf(was: Leaf, is: Leaf): string[] {
  return [
    ...(was.file === is.file ? [] : ["a table was rewritten or truncated"]),
    ...(was.columns === is.columns ? [] : ["a column of a table was made again, has another type or another value in old rows"]),
    ...(was.triggers.every((trigger) => is.triggers.includes(trigger))
      ? []
      : ["a trigger that may stamp changes was altered, dropped or off for a while"]),
  ];
}

/** How the relation of a cursor differs now; a column that one of both does not read is not compared. */
export function compareShapes(was: Shape, is: Shape): Reshaped {
  const sameColumns = Object.keys(was.columns).sort().join() === Object.keys(is.columns).sort().join();
  const leaves = Object.entries(is.leaves).map(([oid, text]) => {
    const [before, now] = [was.leaves[oid], leafOf(text)];
    const earlier = before === undefined ? null : leafOf(before);
    if (earlier === null || earlier.attached !== now.attached) return { attached: [oid], changes: [] };
    return { attached: [], changes: changedLeaf(sameColumns ? earlier : { ...earlier, columns: now.columns }, now) };
  });
  const gone = Object.keys(was.leaves).filter((oid) => is.leaves[oid] === undefined);
  const changes = [
    ...changedColumns(was, is),
    ...renamedLabels(was, is),
    ...(gone.length > 0 ? [`${gone.length} of its partitions or heirs went away`] : []),
    ...leaves.flatMap((leaf) => leaf.changes),
    ...(was.made === is.made ? [] : ["what it is made of changed"]),
  ];
  return { changes: [...new Set(changes)], attached: leaves.flatMap((leaf) => leaf.attached) };
}
