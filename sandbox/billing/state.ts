import type pg from "pg";
import type { Company } from "../cast/company.ts";
import type { Act, Deed, Facts, Kind, Member } from "../cast/facts.ts";
import type { Fault } from "../faults.ts";
import type { Row } from "../feed.ts";
import { type Agenda, newAgenda } from "../world/agenda.ts";
import type { Truth } from "../world/truth.ts";
import { type BillingTransaction, beginTransaction } from "./transaction.ts";
import { FEED_OF, rowId } from "./words.ts";

/** Something that is to happen in a later hour, before its ordinary life. */
export type Task = (state: BillingState, tx: BillingTransaction) => Promise<void>;

/** What the parts of the billing system share. */
export interface BillingState extends Agenda<Task> {
  readonly company: Company;
  readonly client: pg.ClientBase;
  readonly truth: Truth;
  /** Runs work in one transaction. */
  inTransaction(work: (tx: BillingTransaction) => Promise<void>): Promise<void>;
  /** The committed row of a fact; undefined when the database has none. */
  rowOf(at: Member): Row | undefined;
  /** New facts that are in this database first; the other books hear of them, parents first, as they are in truth. */
  tell(...members: Member[]): void;
  /** What was told since this was last asked. */
  told(): Act;
  /** Marks the row of a fact as planted and takes the fact off the stage: life goes on without it. */
  plant(at: Member, fault: Fault): void;
  /** Draws a fact that nothing else changes in this hour, with its committed row. */
  take<K extends Kind>(kind: K, accept?: (fact: Facts[K]) => boolean): { fact: Facts[K]; row: Row } | null;
}

/** The shared state of a billing database without rows. */
export function newState({ company, client, truth }: Pick<BillingState, "company" | "client" | "truth">): BillingState {
  let news: Deed[] = [];
  const rowAt = ({ kind, fact }: Member) => truth.find(FEED_OF[kind], rowId(fact))[0]?.cells;
  return {
    company,
    client,
    truth,
    inTransaction: async (work) => {
      const tx = await beginTransaction(client, truth);
      await work(tx);
      await tx.commit();
    },
    rowOf: rowAt,
    tell: (...members) => {
      news.push(...members.map(({ kind, fact }) => ({ does: "begin", kind, facts: [fact] }) as Deed));
    },
    told: () => {
      const act = news;
      news = [];
      return act;
    },
    ...newAgenda<Task>(company),
    plant: ({ kind, fact }, fault) => {
      truth.tag(FEED_OF[kind], rowId(fact), fault);
      company.leave(kind, fact.ordinal);
    },
    take: (kind, accept) => {
      const fact = company.take(kind, accept);
      const row = fact && rowAt({ kind, fact });
      return fact && row ? { fact, row } : null;
    },
  };
}
