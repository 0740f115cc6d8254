import type { Pipeline } from "../config/pipeline.ts";
import { DAY_MS } from "../kernel/clock.ts";
import { grouped } from "../kernel/grouped.ts";
import { Failure } from "../kernel/problem.ts";
import { insertOps } from "../ledger/insert-ops.ts";
import type { BreakRow, Values } from "../proofs/break-rows.ts";
import { inFlightAmong, type KeyMoney, moneyOf } from "../proofs/terms.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { isoInstant } from "../warehouse/instants.ts";
import { type OpsRow, ops } from "../warehouse/ops-tables.ts";
import { asText } from "../warehouse/sql-text.ts";
import type { Session, TextRow } from "../warehouse/warehouse.ts";
import type { BreakClass } from "./break-class.ts";
import { type BreakEvent, breakEvents, markOf, type NewEvent, type OpenBreak } from "./break-events.ts";
import { extentText, readExtent } from "./extent.ts";
import { readLooks } from "./kept-looks.ts";
import { requireKept } from "./kept-proofs.ts";
import { breakUnknown } from "./problems.ts";
import { type Leg, type MadeProof, resultOf } from "./proof.ts";

/** What was kept of a break at one time. */
export interface KeptEvent {
  readonly id: string;
  readonly event: BreakEvent;
  readonly leg: Leg;
  /** Feed or curated table. */
  readonly of: string;
  readonly compares: string;
  readonly keyText: string;
  readonly class: BreakClass;
  readonly key: Values;
  readonly why: BreakRow["why"];
  readonly columns: readonly string[];
  readonly source: Values | null;
  readonly live: Values | null;
  readonly print: string;
  /** Of a feed whose rows stand in others: in which one. Not kept by earlier versions. */
  readonly scope: string | null;
  readonly sourceMoney: KeyMoney | null;
  readonly liveMoney: KeyMoney | null;
  /** Of what has no key. */
  readonly says: readonly string[];
  /** Of a decision: why, until when it stands (ISO 8601 in UTC), and to whom the break was given. */
  readonly reason: string | null;
  readonly until: string | null;
  readonly to: string | null;
  readonly extent: string | null;
  readonly proofId: string;
  readonly number: bigint;
  readonly actor: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
}

type Detail = Pick<
  KeptEvent,
  "key" | "why" | "columns" | "source" | "live" | "print" | "scope" | "says" | "reason" | "until" | "to"
>;

const NO_DETAIL: Detail = {
  key: {},
  why: null,
  columns: [],
  source: null,
  live: null,
  print: "",
  scope: null,
  says: [],
  reason: null,
  until: null,
  to: null,
};

function detailIn(text: string | null): Detail {
  return text === null ? NO_DETAIL : { ...NO_DETAIL, ...(JSON.parse(text) as Partial<Detail>) };
}

function keptEvent(row: TextRow): KeptEvent {
  const text = (name: string) => row[name] ?? "";
  return {
    id: text("break_id"),
    event: text("event") as BreakEvent,
    leg: text("leg") as Leg,
    of: text("subject"),
    compares: text("compares"),
    keyText: text("break_key"),
    class: text("class") as BreakClass,
    ...detailIn(row["detail"] ?? null),
    sourceMoney: moneyOf(row, "source"),
    liveMoney: moneyOf(row, "live"),
    extent: row["extent"] ?? null,
    proofId: text("proof_id"),
    number: BigInt(row["number"] ?? "0"),
    actor: text("actor"),
    at: isoInstant(row["happened_at"]) ?? "",
  };
}

const TEXTS = ["break_id", "event", "leg", "subject", "compares", "break_key", "class", "source_currency", "live_currency"];
const MORE_TEXTS = ["extent", "detail", "proof_id", "actor"];
const NUMBERS = ["source_minor", "live_minor", "number"];

/** Everything that was kept of breaks in the order in which it happened: of one feed or table, of one break, or of all. */
export async function readEvents(
  session: Session,
  dialect: Dialect,
  where: { readonly subject?: string; readonly id?: string },
): Promise<KeptEvent[]> {
  const columns = [
    ...[...TEXTS, ...MORE_TEXTS].map((name) => `b.${name}`),
    ...NUMBERS.map((name) => `${asText(`b.${name}`)} AS ${name}`),
    `${dialect.landedText("b.happened_at", { kind: "timestamp" })} AS happened_at`,
  ];
  const conditions = [
    ...(where.subject === undefined ? [] : [`b.subject = ${dialect.literal(where.subject)}`]),
    ...(where.id === undefined ? [] : [`b.break_id = ${dialect.literal(where.id)}`]),
  ];
  const rows = await session.rows({
    name: "reconcile.break-events",
    sql: `SELECT ${columns.join(", ")} FROM ${ops(dialect, "break_event")} b${conditions.length > 0 ? ` WHERE ${conditions.join(" AND ")}` : ""}
ORDER BY b.happened_at, b.break_id`,
  });
  return rows.map(keptEvent);
}

/** That a break is to stay as it is: as long as both sides are what they were, and until an instant. */
export type Acceptance = Pick<KeptEvent, "reason" | "actor" | "at"> & { readonly until: string };

/** A break as it is now, and since when. */
export interface Break extends KeptEvent {
  readonly foundAt: string;
  /** No comparison has found it equal since; an accepted one is open too. */
  readonly isOpen: boolean;
  readonly acceptance: Acceptance | null;
  readonly assignee: string | null;
  /** When its key was healed, as this break or as an earlier one (ISO 8601 in UTC). */
  readonly healings: readonly string[];
}

/** What an event makes of a break that was found before. */
function after(was: Break, event: KeptEvent): Break {
  const { reason, actor, at, until, to } = event;
  const { foundAt, assignee, healings } = was;
  switch (event.event) {
    case "found":
    case "changed":
      return { ...event, foundAt, isOpen: true, acceptance: null, assignee, healings };
    case "cleared":
      return { ...was, event: "cleared", at, isOpen: false };
    case "accepted":
      return { ...was, acceptance: { reason, actor, at, until: until ?? at } };
    case "reopened":
      return { ...was, acceptance: null };
    case "assigned":
      return { ...was, assignee: to };
    case "commented":
    case "healed":
      return was;
  }
}

function begun(event: KeptEvent): Break {
  return { ...event, foundAt: event.at, isOpen: true, acceptance: null, assignee: null, healings: [] };
}

/** What is compared of which key, as one text: breaks of it that follow each other are several. */
export function placeOf({ leg, of, compares, keyText }: Pick<KeptEvent, "leg" | "of" | "compares" | "keyText">): string {
  return JSON.stringify([leg, of, compares, keyText]);
}

/** The breaks that events tell of, each as it was told last; a cleared one as it was before. */
export function breaksIn(events: readonly KeptEvent[]): Break[] {
  const found = new Map<string, Break>();
  for (const event of events) {
    const was = found.get(event.id);
    found.set(event.id, was ? after(was, event) : begun(event));
  }
  // A heal that left its break as it was is none: its key was not read, or what was read is no better.
  const cleared = new Map(events.flatMap(({ id, event, at }) => (event === "cleared" ? [[id, at] as const] : [])));
  const healed = grouped(
    events.filter(({ id, event, at }) => event === "healed" && Date.parse(cleared.get(id) ?? "") >= Date.parse(at)),
    placeOf,
  );
  return [...found.values()].map((one) => ({ ...one, healings: (healed.get(placeOf(one)) ?? []).map(({ at }) => at) }));
}

/** Within so many days a break that was healed twice has its cause elsewhere. */
const RECURRING_DAYS = 7;

/** How often the key of a break was healed of late. */
export function healedLately({ healings }: Break, now: Date): number {
  return healings.filter((at) => now.getTime() - Date.parse(at) < RECURRING_DAYS * DAY_MS).length;
}

/** Whether a break comes again however it is healed. */
export function isRecurring(one: Break, now: Date): boolean {
  return healedLately(one, now) > 1;
}

/** Whether a break is open and somebody has said that it may be so. */
export function isAccepted({ isOpen, acceptance }: Break, now: Date): boolean {
  return isOpen && acceptance !== null && Date.parse(acceptance.until) > now.getTime();
}

function openBreak({ id, keyText, class: is, extent, at, ...row }: Break): OpenBreak {
  return { id, keyText, class: is, mark: markOf(is, { ...row, keyText }, row.says), extent: readExtent(extent), at };
}

/** Which open breaks are of keys that a comparison says nothing of, while its work tables are there. */
async function inFlightOf(
  session: Session,
  dialect: Dialect,
  { proof, open, feeds }: { proof: MadeProof; open: readonly OpenBreak[]; feeds: Pipeline["feeds"] },
): Promise<ReadonlySet<string>> {
  const feed = feeds.get(proof.of);
  const keys = open.flatMap(({ keyText }) => (keyText === "" ? [] : [keyText]));
  const isSome = proof.equation?.terms.some(({ term }) => term === "in_flight");
  if (!(feed && proof.equation && isSome) || keys.length === 0) return new Set();
  return inFlightAmong(session, dialect, { feed, namedIn: proof.equation.namedIn, keys });
}

/** The statements that keep what comparisons of one feed or table make of its breaks. */
export async function keepBreaks(
  session: Session,
  dialect: Dialect,
  {
    proofs,
    kept,
    feeds,
  }: {
    proofs: readonly MadeProof[];
    kept: { number: bigint; actor: string; at: string };
    feeds: Pipeline["feeds"];
  },
): Promise<Statement[]> {
  const [subject] = proofs.map(({ of }) => of);
  if (subject === undefined) return [];
  const open = breaksIn(await readEvents(session, dialect, { subject })).filter(({ isOpen }) => isOpen);
  const rows: OpsRow<"break_event">[] = [];
  for (const proof of proofs) {
    const own = open.filter(({ leg, compares }) => leg === proof.leg && compares === proof.compares).map(openBreak);
    const isNow = { result: resultOf(proof), extent: proof.chosen.extent, base: null, provedAt: kept.at };
    const later = own.length === 0 ? [] : [...(await readLooks(session, dialect, proof)), isNow];
    const inFlight = await inFlightOf(session, dialect, { proof, open: own, feeds });
    const events = breakEvents(proof, { open: own, later, inFlight });
    rows.push(...events.map((event) => eventRow(proof, event, kept)));
  }
  return insertOps(dialect, "break_event", rows);
}

/** An event as it is kept. */
function eventRow(
  proof: MadeProof,
  { id, event, class: is, row, detail }: NewEvent,
  kept: { number: bigint; actor: string; at: string },
): OpsRow<"break_event"> {
  return {
    ...{ break_id: id, event, leg: proof.leg, subject: proof.of, compares: proof.compares, break_key: row.keyText, class: is },
    source_currency: row.sourceMoney?.currency ?? null,
    source_minor: row.sourceMoney?.minor ?? null,
    live_currency: row.liveMoney?.currency ?? null,
    live_minor: row.liveMoney?.minor ?? null,
    extent: extentText(proof.chosen.extent),
    detail,
    proof_id: proof.keptAs ?? null,
    number: kept.number,
    actor: kept.actor,
    happened_at: kept.at,
  };
}

/** A break, and everything that was kept of it. */
export interface BreakStory {
  readonly broken: Break;
  readonly events: readonly KeptEvent[];
}

/**
 * One break by its id, and everything that was kept of it.
 * @throws Failure `usage` where there is none.
 */
export async function readBreak(session: Session, dialect: Dialect, id: string): Promise<BreakStory> {
  await requireKept(session, dialect);
  const events = await readEvents(session, dialect, { id });
  const [first] = events;
  const all = first ? await readEvents(session, dialect, { subject: first.of }) : [];
  const broken = breaksIn(all).find((one) => one.id === id);
  if (!broken) throw new Failure("usage", breakUnknown(id));
  return { broken, events };
}
