import { FLOW_CLASSES } from "../checks/row-class.ts";
import { type Account, buildAccounts, type Measurements } from "../publish/accounts.ts";
import { type Gate, gate } from "../publish/gate.ts";
import {
  controlTotalGates,
  moneyGates,
  quietHourGates,
  type ShareSample,
  shareGates,
  shareSamples,
  vanishedGates,
} from "../publish/gates.ts";
import { earlierBatches, recentFlow } from "../publish/ledger.ts";
import type { Judgement } from "./judge.ts";
import { windowOf } from "./request.ts";
import { ruleGates, ruleVerdicts } from "./rule-verdicts.ts";
import type { Run, RunTools } from "./run.ts";
import type { Audited, Judged, Landed } from "./stages.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** The control totals of the run's batches, as their manifests hold them. */
export function controlTotals({ batches }: Pick<Landed, "batches">): Measurements["totals"] {
  return batches.flatMap(({ manifest: { extract } }) =>
    extract.totals.map((t) => ({
      feed: extract.feed,
      currency: t.currency,
      rows: BigInt(t.rows),
      minor: BigInt(t.minor),
      unreadable: BigInt(t.unreadable),
    })),
  );
}

/** Good and bad rows of the group's publications of the 24 hours before the window's end. */
async function recentSamples({ engine, group, request, startedAt }: Run<RunTools>, { session }: Judged): Promise<ShareSample[]> {
  const until = windowOf(request)?.end ?? startedAt;
  const since = new Date(until.getTime() - DAY_MS);
  const rows = await session.rows(
    recentFlow(engine.warehouse.dialect, { group: group.name, since: since.toISOString(), until: until.toISOString() }),
  );
  return group.feeds.map((feed) => {
    const of = (name: string) => BigInt(rows.find((row) => row["feed"] === feed && row["class"] === name)?.["row_count"] ?? "0");
    return { feed, good: of("good"), bad: of("bad"), newlyHeld: of("newly_held") };
  });
}

/** The files' row counts against the manifests': what was read is what was landed. */
function manifestGates({ batches }: Landed, accounts: readonly Account[]): Gate[] {
  return batches.map(({ manifest: { extract } }) => {
    const landed = extract.files.reduce((sum, file) => sum + BigInt(file.rows), 0n);
    const read = accounts
      .filter((a) => a.feed === extract.feed)
      .reduce((sum, a) => sum + FLOW_CLASSES.reduce((rows, name) => rows + a.flow[name].rows, 0n), 0n);
    const outcome = { holds: landed === read, observed: `${read} rows read`, limit: `${landed} rows landed` };
    return gate("manifest", { feed: extract.feed }, outcome);
  });
}

/** Increments that brought nothing, against the same hour of earlier weeks. */
async function quietHours({ engine, request }: Run<RunTools>, { batches, session }: Judged): Promise<Gate[]> {
  const window = windowOf(request);
  const empty = batches
    .filter(({ manifest: { extract } }) => !extract.request.whole && extract.files.every((file) => file.rows === 0))
    .map((batch) => batch.manifest.extract.feed);
  if (empty.length === 0 || window === null) return [];
  const rows = await session.rows(earlierBatches(engine.warehouse.dialect, empty));
  const earlier = rows.map((row) => ({
    feed: row["feed"] ?? "",
    windowEnd: new Date(`${(row["window_end"] ?? "").replace(" ", "T")}Z`),
    rows: BigInt(row["row_count"] ?? "0"),
  }));
  return quietHourGates(empty, window.end, earlier);
}

/** Children that enter under a tombstoned parent stay; somebody should know. */
function deletedParentGates(judgement: Judgement): Gate[] {
  return judgement.deletedParents
    .filter((line) => line.rows > 0n)
    .map(({ feed, rule, rows }) =>
      gate("parent_deleted", { feed, rule }, { holds: false, observed: `${rows} rows`, limit: "reported" }),
    );
}

/** Evaluates every gate that can be known before the publish transaction; decides nothing but pass, warn or fail. */
export async function auditStage(run: Run<RunTools>, judged: Judged): Promise<Audited> {
  const { judgement, before } = judged;
  const limits = run.group.gates;
  const verdicts = ruleVerdicts(judgement);
  const accounts = buildAccounts({
    totals: controlTotals(judged),
    tally: judgement.tally,
    replaced: judgement.replaced,
    vanished: judgement.vanished,
    stockBefore: before.stock,
    stockAfter: [],
    waitingBefore: before.waiting,
    waitingAfter: [],
    closed: [],
  });
  const extracted = judgement.feeds.filter((f) => f.input.batchId !== null).map((f) => f.input.feed.id);
  const losing = judgement.feeds.filter((f) => f.departures).map((f) => f.input.feed.id);
  const batches = shareSamples(accounts).filter((s) => extracted.includes(s.feed));
  const gates = [
    ...judged.gates,
    ...manifestGates(judged, accounts),
    ...controlTotalGates(accounts, extracted),
    ...shareGates(batches, await recentSamples(run, judged), limits),
    ...moneyGates(accounts, limits),
    ...vanishedGates(accounts, losing, limits),
    ...ruleGates(verdicts),
    ...deletedParentGates(judgement),
    ...(await quietHours(run, judged)),
  ];
  const samples = new Map(judgement.waiting.map((waiting) => [waiting.feed, waiting.samples]));
  return { ...judged, verdicts, accounts, samples, gates };
}
