import { buildAccounts, FLOW_CLASSES, type Measurements } from "../publish/accounts.ts";
import {
  controlTotalGates,
  type Gate,
  heldGates,
  moneyGates,
  quietHourGates,
  type ShareSample,
  shareGates,
  shareSamples,
  vanishedGates,
} from "../publish/gates.ts";
import { earlierBatches, recentFlow } from "../publish/ledger.ts";
import { filled, type RunContext } from "./context.ts";
import type { Judgement } from "./judge.ts";
import { ruleGates, ruleVerdicts } from "./rule-verdicts.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** The control totals of the run's batches, as their manifests hold them. */
export function controlTotals(run: RunContext): Measurements["totals"] {
  return run.batches.flatMap(({ manifest: { extract } }) =>
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
async function recentSamples(run: RunContext): Promise<ShareSample[]> {
  const { engine, group, request } = run;
  const until = request.window?.end ?? run.startedAt;
  const since = new Date(until.getTime() - DAY_MS);
  const rows = await filled(run.session, "warehouse session").rows(
    recentFlow(engine.warehouse.dialect, { group: group.name, since: since.toISOString(), until: until.toISOString() }),
  );
  return group.feeds.map((feed) => {
    const of = (name: string) => BigInt(rows.find((row) => row["feed"] === feed && row["class"] === name)?.["row_count"] ?? "0");
    return { feed, good: of("good"), bad: of("bad"), newlyHeld: of("newly_held") };
  });
}

/** The files' row counts against the manifests': what was read is what was landed. */
function manifestGates(run: RunContext): Gate[] {
  return run.batches.map(({ manifest: { extract } }) => {
    const landed = extract.files.reduce((sum, file) => sum + BigInt(file.rows), 0n);
    const read = run.accounts
      .filter((a) => a.feed === extract.feed)
      .reduce((sum, a) => sum + FLOW_CLASSES.reduce((rows, name) => rows + a.flow[name].rows, 0n), 0n);
    return {
      gate: `manifest/${extract.feed}`,
      verdict: landed === read ? "pass" : "fail",
      observed: `${read} rows read`,
      limit: `${landed} rows landed`,
    };
  });
}

/** Increments that brought nothing, against the same hour of earlier weeks. */
async function quietHours(run: RunContext): Promise<Gate[]> {
  const { engine, request, batches } = run;
  const empty = batches
    .filter(({ manifest: { extract } }) => !extract.request.whole && extract.files.every((file) => file.rows === 0))
    .map((batch) => batch.manifest.extract.feed);
  if (empty.length === 0 || request.window === null) return [];
  const rows = await filled(run.session, "warehouse session").rows(earlierBatches(engine.warehouse.dialect, empty));
  const earlier = rows.map((row) => ({
    feed: row["feed"] ?? "",
    windowEnd: new Date(`${(row["window_end"] ?? "").replace(" ", "T")}Z`),
    rows: BigInt(row["row_count"] ?? "0"),
  }));
  return quietHourGates(empty, request.window.end, earlier);
}

/** Children that enter under a tombstoned parent stay; somebody should know. */
function deletedParentGates(judgement: Judgement): Gate[] {
  return judgement.deletedParents
    .filter((line) => line.rows > 0n)
    .map((line) => ({
      gate: `parent_deleted/${line.feed}/${line.rule}`,
      verdict: "warn",
      observed: `${line.rows} rows`,
      limit: "reported",
    }));
}

/** Evaluates every gate that can be known before the publish transaction; decides nothing but pass, warn or fail. */
export async function auditStage(run: RunContext): Promise<void> {
  const judgement = filled(run.judgement, "judgement");
  const before = filled(run.before, "measurements");
  const limits = run.group.gates;
  run.verdicts = ruleVerdicts(judgement);
  run.samples = new Map(judgement.waiting.map(({ feed, samples }) => [feed, samples]));
  run.accounts = buildAccounts({
    totals: controlTotals(run),
    tally: judgement.tally,
    replaced: judgement.replaced,
    vanished: judgement.vanished,
    stockBefore: before.stock,
    stockAfter: [],
    waitingBefore: before.waiting,
    waitingAfter: [],
    closed: [],
  });
  const judged = judgement.feeds.filter((f) => f.input.batchId !== null).map((f) => f.input.feed.id);
  const withKeys = judgement.feeds.filter((f) => f.hasKeys).map((f) => f.input.feed.id);
  const samples = shareSamples(run.accounts).filter((s) => judged.includes(s.feed));
  run.gates.push(
    ...manifestGates(run),
    ...controlTotalGates(run.accounts, judged),
    ...shareGates(samples, await recentSamples(run), limits),
    ...moneyGates(run.accounts, limits),
    ...vanishedGates(run.accounts, withKeys, limits),
    ...ruleGates(run.verdicts),
    ...deletedParentGates(judgement),
    ...(await quietHours(run)),
  );
}

/** Gates that report what waits after the publication. */
export function afterGates(run: RunContext): Gate[] {
  return heldGates(run.accounts);
}
