import type { ChildRows, Judgement } from "../checks/judge.ts";
import { gateLimits } from "../config/groups.ts";
import { grouped } from "../kernel/grouped.ts";
import { Failure } from "../kernel/problem.ts";
import { rowsOf } from "../landing/extract-files.ts";
import { earlierBatches } from "../ledger/earlier.ts";
import { nameNow, namesOf } from "../ledger/recorded.ts";
import { type Account, add, buildAccounts, type Measurements, readOf } from "../publish/accounts.ts";
import { controlTotalGates } from "../publish/control-gates.ts";
import { type Gate, gate } from "../publish/gate.ts";
import {
  absentParentGates,
  type LimitsOf,
  moneyGates,
  quietHourGates,
  shareGates,
  shareSamples,
  vanishedGates,
} from "../publish/gates.ts";
import { healGates } from "../publish/heal-gates.ts";
import { keyPassGates, missedGates, netGates } from "../publish/key-pass-gates.ts";
import { restatedGates } from "../publish/restated-gates.ts";
import { ruleGates, ruleVerdicts } from "../publish/rule-verdicts.ts";
import type { RunTools } from "./engine.ts";
import { rowsMiscounted } from "./problems.ts";
import { isJudgedAlone, mayRestate, windowOf } from "./request.ts";
import type { Run } from "./run.ts";
import type { Audited, Judged, Landed } from "./stages.ts";

/** Witnesses who count rows and money of each currency in the extract's own window. */
const EXACT: ReadonlySet<string> = new Set(["source", "second_read"]);

/**
 * What the source says was extracted. Where nobody counted per currency it is what was read, so that the flow identity says
 * nothing there and the control gate says so.
 */
export function extractedTotals({ batches, judgement }: Pick<Judged, "batches" | "judgement">): Measurements["totals"] {
  return batches.flatMap(({ manifest: { extract } }) => {
    const { feed, witness, totals } = extract;
    if (EXACT.has(witness)) {
      return totals.map(({ currency, rows, minor, unreadable }) => ({
        ...{ feed, currency },
        ...{ rows: BigInt(rows), minor: BigInt(minor ?? 0), unreadable: BigInt(unreadable) },
      }));
    }
    return judgement.tally
      .filter((line) => line.feed === feed && line.origin === "batch")
      .map(({ currency, rows, minor, unreadableRows: unreadable }) => ({ feed, currency, rows, minor, unreadable }));
  });
}

/**
 * The files' row counts against the manifests': what was read is what was landed. Rows that this program wrote itself are counted by
 * nobody else, so that no feed is left out over them.
 * @throws Failure `incomplete` where they are other ones.
 */
function manifestGates({ batches }: Landed, accounts: readonly Account[]): Gate[] {
  return batches.map(({ manifest: { extract } }) => {
    const landed = rowsOf(extract);
    const { rows: read } = add(...accounts.filter((a) => a.feed === extract.feed).map(readOf));
    if (extract.deriver && read !== BigInt(landed))
      throw new Failure("incomplete", rowsMiscounted({ feed: extract.feed, read, landed }));
    const outcome = { holds: read === BigInt(landed), observed: `${read} rows read`, limit: `${landed} rows landed` };
    return gate("manifest", { feed: extract.feed }, outcome);
  });
}

/** Increments that brought nothing, against the same hour of earlier weeks. */
async function quietHours({ engine, request }: Run<RunTools>, { batches, session, head }: Judged): Promise<Gate[]> {
  const window = windowOf(request);
  const empty = batches
    .filter(({ manifest: { extract } }) => !extract.request.whole && rowsOf(extract) === 0)
    .map((batch) => batch.manifest.extract.feed);
  if (empty.length === 0 || window === null) return [];
  const names = empty.flatMap((feed) => namesOf(head.recorded, feed));
  const rows = await session.rows(earlierBatches(engine.warehouse.dialect, names));
  const earlier = rows.map((row) => ({
    feed: nameNow(head.recorded, row["feed"] ?? ""),
    windowEnd: new Date(`${(row["window_end"] ?? "").replace(" ", "T")}Z`),
    rows: BigInt(row["row_count"] ?? "0"),
  }));
  return quietHourGates(empty, window.end, earlier);
}

/** Children that enter under a tombstoned parent, or whose parent leaves, stay; somebody should know. */
function deletedParentGates({ deletedParents, leftChildren }: Judgement): Gate[] {
  const told = (lines: readonly ChildRows[], says: string) =>
    lines.filter(({ rows }) => rows > 0n).map(({ rows, ...of }) => ({ ...of, says: `${rows} rows ${says}` }));
  const all = [...told(deletedParents, "enter under a parent that is gone"), ...told(leftChildren, "stay whose parent goes")];
  return [...grouped(all, ({ feed, rule }) => `${feed}\n${rule}`).values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const { feed, rule } = first;
    const observed = [first, ...others].map(({ says }) => says).join(", ");
    return gate("parent_deleted", { feed, rule }, { holds: false, observed, limit: "reported" });
  });
}

/** Absent rows of optional feeds whose rows cannot go; where the feed is required they have ended the run. */
function absentRowGates({ absent }: Judgement): Gate[] {
  return absent
    .filter((line) => line.rows > 0n)
    .map(({ feed, rows }) => gate("rows_absent", { feed }, { holds: false, observed: `${rows} rows`, limit: "0 rows" }));
}

/** What another hand has changed of published rows that a run holds beside their source. */
function restatements(
  { engine, request }: Run<RunTools>,
  {
    judgement: { restated, healed },
    before: { recounted },
    accounts,
  }: Pick<Judged, "judgement" | "before"> & { accounts: readonly Account[] },
): Gate[] {
  if (request.kind !== "heal") return restatedGates(restated, recounted, mayRestate(request));
  const { heal: limits } = engine.pipeline.reconcile;
  return healGates({ restated, healed, recounted, accounts, limits, isMeant: request.reason !== null });
}

/** Evaluates every gate that can be known before the publish transaction; decides nothing but pass, warn or fail. */
export async function auditStage(run: Run<RunTools>, judged: Judged): Promise<Audited> {
  const { judgement, before } = judged;
  const limits: LimitsOf = (id) => {
    const feed = run.engine.pipeline.feeds.get(id);
    return feed ? gateLimits(run.group, feed) : run.group.gates;
  };
  const verdicts = ruleVerdicts(judgement);
  const accounts = buildAccounts({
    totals: extractedTotals(judged),
    tally: judgement.tally,
    replaced: judgement.replaced,
    vanished: judgement.vanished,
    stockBefore: before.stock,
    stockAfter: [],
    waitingBefore: before.waiting,
    waitingAfter: [],
    closed: [],
  });
  const counted = judged.batches.map(({ manifest: { extract } }) => extract);
  const extracted = counted.map(({ feed }) => feed);
  const losing = judgement.feeds.filter((f) => f.departures).map((f) => f.input.feed.id);
  const batches = shareSamples(accounts).filter((s) => extracted.includes(s.feed));
  const gates = [
    ...judged.gates,
    ...manifestGates(judged, accounts),
    ...controlTotalGates(accounts, counted),
    ...shareGates(
      { batches, recent: isJudgedAlone(run.request) ? [] : before.recent, parents: judgement.missingParents },
      limits,
    ),
    ...absentParentGates(accounts),
    ...moneyGates(accounts, limits),
    ...vanishedGates(accounts, losing, limits),
    ...absentRowGates(judgement),
    ...keyPassGates(judgement.keyPasses, limits),
    ...missedGates(judgement.missed),
    ...restatements(run, { judgement, before, accounts }),
    ...netGates(judgement.missedByNets, (id) => run.engine.pipeline.feeds.get(id)),
    ...ruleGates(verdicts),
    ...deletedParentGates(judgement),
    ...(await quietHours(run, judged)),
  ];
  const samples = new Map(judgement.waiting.map((waiting) => [waiting.feed, waiting.samples]));
  return { ...judged, verdicts, accounts, samples, gates };
}
