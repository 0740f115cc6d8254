import { byHand, entries, failing, nothing, type PostgresFault, stated, view } from "./postgres-fault.ts";
import { SERVER_FAULTS } from "./postgres-server-faults.ts";

const ODD = [
  String.raw`E'a\nb'`,
  String.raw`E'\r\n'`,
  `'"quoted", "twice"'`,
  String.raw`'\.'`,
  String.raw`'\N'`,
  "''",
  "' '",
  "','",
  String.raw`E'\u0001\t\u007f'`,
  String.raw`E'a \uFEFF'`,
  String.raw`E'\u2028\U0001F4B6\uFFFE'`,
  "repeat('long ', 20000)",
];

/** What may go wrong with a PostgreSQL source: its server, its tables, its rows. */
export const POSTGRES_FAULTS: readonly PostgresFault[] = [
  ...SERVER_FAULTS,
  {
    fault: "no_right",
    says: "SELECT on a table was taken away",
    on: stated(
      ({ reader }) => `revoke select on app.entries from ${reader}`,
      ({ reader }) => `grant select on app.entries to ${reader}`,
    ),
  },
  {
    fault: "no_right",
    says: "SELECT is there but for one column",
    on: stated(
      ({ reader }) =>
        `revoke select on app.entries from ${reader}; grant select (id, entry_id, account_id, amount, currency, changed_at) on app.entries to ${reader}`,
      ({ reader }) => `grant select on app.entries to ${reader}`,
    ),
  },
  {
    fault: "row_security",
    says: "a policy hides rows",
    on: stated(
      () => "alter table app.entries enable row level security; create policy few on app.entries using (id < 5)",
      () => "drop policy few on app.entries; alter table app.entries disable row level security",
    ),
  },
  {
    fault: "table_gone",
    says: "a table was renamed",
    on: stated(
      () => "alter table app.entries rename to entries_old",
      () => "alter table app.entries_old rename to entries",
    ),
  },
  {
    fault: "table_again",
    says: "a table was dropped and made again, with its rows",
    byHand: byHand("another table"),
    on: async (of) => {
      await of.sql(`create table app.copy (like app.entries including all); insert into app.copy select * from app.entries;
        drop table app.entries; alter table app.copy rename to entries; grant select on app.entries to ${of.reader}`);
      return { off: nothing };
    },
  },
  {
    fault: "column_gone",
    says: "a column was renamed",
    on: stated(
      () => "alter table app.entries rename memo to note",
      () => "alter table app.entries rename note to memo",
    ),
  },
  {
    fault: "column_gone",
    says: "the cursor's column was renamed",
    on: stated(
      () => "alter table app.entries rename changed_at to stamp",
      () => "alter table app.entries rename stamp to changed_at",
    ),
  },
  {
    fault: "column_added",
    says: "a table has a column more",
    on: stated(
      () => "alter table app.entries add column novelty int",
      () => "alter table app.entries drop column novelty",
    ),
  },
  {
    fault: "column_retyped",
    says: "a column has another type than before",
    on: async (of, { column }) => {
      const retype = (type: string) => of.sql(`alter table app.entries alter memo type ${type} using null`);
      // What a first load finds is what later ones are compared with.
      await retype(column === "first load" ? "int" : "text");
      return { off: () => (column === "first load" ? nothing() : retype("int")) };
    },
  },
  {
    fault: "truncated",
    says: "a table was emptied and filled again, without new stamps",
    on: async (of) => {
      await of.sql(`create table app.copy as select * from app.entries; truncate app.entries;
        insert into app.entries select * from app.copy; drop table app.copy`);
      return { off: nothing };
    },
  },
  {
    fault: "row_fails",
    says: "a view fails on a row",
    on: failing("22012"),
  },
  {
    fault: "miscounted",
    says: "a view gives fewer rows to who reads than to who counts",
    on: view(
      "select id, account_id, length(name) as letters from app.accounts where id > 1 or current_query() ilike '%count(*)%'",
    ),
  },
  {
    fault: "no_number",
    says: "amounts are NaN and infinite",
    on: stated(
      (of) => entries(of, ["'NaN'", "'Infinity'"]),
      () => "update app.entries set amount = 1, changed_at = now() where amount in ('NaN', 'Infinity')",
    ),
  },
  {
    fault: "null_key",
    says: "a row has no key",
    byHand: byHand("it has one now"),
    on: stated(
      (of) => `${entries(of, ["1"])}; update app.entries set id = null where id = (select max(id) from app.entries)`,
      (of) => `update app.entries set id = ${of.freshId()}, changed_at = now() where id is null`,
    ),
  },
  {
    fault: "repeated_key",
    says: "two rows have one key",
    on: stated(
      (of) => `${entries(of, ["1", "2"])}; update app.entries set id = id + 1 where id = (select max(id) - 1 from app.entries)`,
      () =>
        "update app.entries set id = id - 1, changed_at = now() where id = (select max(id) from app.entries) and amount = 1; update app.entries set changed_at = now() where id = (select max(id) from app.entries)",
    ),
  },
  {
    fault: "odd_text",
    says: "line ends, quotes, marks, control characters, long texts",
    on: stated(
      (of) =>
        entries(
          of,
          ODD.map(() => "1"),
          ODD,
        ),
      () => "select 1",
    ),
  },
  {
    fault: "mass_delete",
    says: "three of four rows are gone, and come back",
    comesLater: true,
    on: stated(
      () => "create table app.gone as select * from app.entries where id > 3; delete from app.entries where id > 3",
      () =>
        "insert into app.entries select id, entry_id, account_id, amount, currency, memo, now() from app.gone; drop table app.gone",
    ),
  },
];
