import type { Engine } from "../../src/run/engine.ts";
import type { RunChoice } from "../../src/run/request.ts";
import type { TestCluster } from "../support/cluster.ts";
import type { PostgresHouse } from "../support/postgres-house.ts";
import type { Column, Fault } from "./matrix.ts";

/** What a fault does to a run, and how it ends. */
export interface Struck {
  /** How the engine of the run differs. */
  readonly engine?: Partial<Engine>;
  off(): Promise<unknown>;
}

/** A fault of a PostgreSQL source. */
export interface PostgresFault extends Fault {
  /** What a run that publishes has not seen by then, the next one of its kind brings. */
  readonly comesLater?: true;
  on(of: PostgresHouse, met: { readonly cluster: TestCluster; readonly column: Column }): Promise<Struck>;
  /** What somebody has to run before hourly runs go on, and its words, where the run under the fault was stopped. */
  readonly byHand?: { readonly choice: Partial<RunChoice>; readonly says: string };
}

/** A whole read and why somebody asks for it. */
export const byHand = (reason: string) => ({ choice: { full: true, reason }, says: "`run --full`" });
export const nothing = async () => undefined;

/** Statements that make a fault, and those that end it. */
export const stated = (on: (of: PostgresHouse) => string, off: (of: PostgresHouse) => string) => async (of: PostgresHouse) => {
  await of.sql(on(of));
  return { off: () => of.sql(off(of)) };
};

/** The view is another one for a while. */
export const view = (body: string, before: (of: PostgresHouse) => string = () => "") =>
  stated(
    (of) => `${before(of)}; create or replace view app.labels as ${body}`,
    () => "create or replace view app.labels as select id, account_id, length(name) as letters from app.accounts",
  );

/** The view ends in an error. */
export const failing = (code: string) =>
  view(
    "select id, account_id, app.fail() as letters from app.accounts",
    () =>
      `create or replace function app.fail() returns int language plpgsql as $$ begin raise exception 'no' using errcode = '${code}'; end $$`,
  );

/** Rows of entries come, of new ids, each with an amount and a memo. */
export function entries(of: PostgresHouse, amounts: readonly string[], memos: readonly string[] = []): string {
  const rows = amounts.map((amount, i) => {
    const id = of.freshId();
    return `(${id}, 'f${id}', 'A1', ${amount}, 'USD', ${memos[i] ?? null})`;
  });
  return `insert into app.entries (id, entry_id, account_id, amount, currency, memo) values ${rows.join(", ")}`;
}
