import type { CuratedParents } from "../checks/curated-rules.ts";
import { modelsOf } from "../config/groups.ts";
import type { Group, Model, Pipeline } from "../config/pipeline.ts";
import { planChecks } from "../contract/check-plan.ts";
import type { CuratedLedger } from "../ledger/curated-findings.ts";
import { type CuratedViews, feedOf } from "../schema/curated-views.ts";
import { isRecomputed, type Recompute } from "../schema/recompute.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { ask, askInTurn } from "../warehouse/questions.ts";
import { asText } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { assertCurated, parseAssertions } from "./assertions.ts";
import { tryView, writeCurated } from "./curated.ts";
import { changedRules, countedFindings, keepFindings } from "./findings.ts";
import type { Gate } from "./gate.ts";
import { curatedGates } from "./gates.ts";
import { ofModel } from "./of-model.ts";
import { computeWhole, recomputedGate } from "./recompute.ts";
import { type FeedChange, isFirst, type Writing } from "./staging.ts";
import { tableRuleGates } from "./table-rules.ts";
import { tiesGate } from "./ties.ts";
import { extendTouched, type NamedKeys, namedOf } from "./touched.ts";
import { touchedTable } from "./ways.ts";

/** What a publication does to the curated tables of its group. */
export interface ModelsToWrite {
  readonly pipeline: Pipeline;
  readonly group: Group;
  readonly writing: Writing;
  /** The instant of publishing as an ISO text. */
  readonly publishedAt: string;
  readonly changes: readonly FeedChange[];
  /** How many rows enter staging or leave it. */
  readonly changed: bigint;
  /** Models of which rows are written, those that others read first; each has its work table `touched`. */
  readonly touched: readonly Model[];
  /** Those of them that are computed whole. */
  readonly recompute: readonly Recompute[];
  /** Those whose rows are a view over staging, which is written. */
  readonly views: CuratedViews;
  readonly named: readonly NamedKeys[];
  readonly ledger: CuratedLedger;
}

/** How relationships of curated tables find their parents in a pipeline. */
export function parentsOf({ models }: Pipeline): CuratedParents {
  return (object) => {
    const model = models.get(object);
    if (!model) throw new Error(`no curated table ${object}, which configuration should have refused`);
    return model;
  };
}

function isError({ verdict }: Gate): boolean {
  return verdict === "error";
}

/** From so many touched keys on, each question about them is a statement of its own: some 100 MB of one that asks all. */
const LARGE = 1_000_000n;

/** Whether a row may reach many keys of a model: through others, of feeds or of tables. */
const fansOut = ({ touches }: Model) => touches.some((touch) => "select" in touch || "table" in touch || touch.through);

/** Whether the questions about all touched keys together may need more memory than the engine has. */
async function isLarge(session: Session, dialect: Dialect, of: ModelsToWrite): Promise<boolean> {
  const { writing, touched, changed, recompute } = of;
  // A first publication groups each table's own rows, which its verdicts have joined with their parents already.
  if (!dialect.can.branchesShareMemory || isFirst(writing)) return false;
  if (changed > LARGE || recompute.length > 0) return true;
  if (!touched.some(fansOut)) return false;
  const counts = touched.map((model) => `(SELECT COUNT(*) FROM ${touchedTable(dialect, model)} t)`);
  const [row] = await session.rows({ name: "touched-count", sql: `SELECT ${asText(counts.join(" + "))} AS keys` });
  return BigInt(row?.["keys"] ?? "0") > LARGE;
}

/** Keys and the rules that keys break, counted in one statement, or one after the other where they are many. */
async function keyGates(session: Session, dialect: Dialect, of: ModelsToWrite): Promise<Gate[]> {
  const { pipeline, group, touched, writing, publishedAt, ledger, views, named } = of;
  const mayStay = (model: Model) => (views.has(model.table) ? namedOf(dialect, model, named) : null);
  const names = new Set(touched.map(({ table }) => table));
  const kept = { models: modelsOf(pipeline, group), touched: names, parent: parentsOf(pipeline), writing, publishedAt, ledger };
  const counted = countedFindings(dialect, kept);
  const questions = [
    ...touched.map((model) => assertCurated(dialect, model, { writing, mayStay: mayStay(model) })),
    ...counted.questions,
  ];
  const inTurn = await isLarge(session, dialect, of);
  const answer = await (inTurn ? askInTurn : ask)(session, { dialect, name: "assert" }, questions);
  const ofKeys = touched.flatMap((model) => {
    const facts = parseAssertions(model, answer(model.table)[0]);
    const whole = of.recompute.filter(({ table }) => table === model.table);
    return [...curatedGates(facts, model), ...whole.map((why) => recomputedGate(facts, why))];
  });
  return [...ofKeys, ...(await keepFindings(session, dialect, { kept, counts: counted.read(answer) }))];
}

/** What rules over whole tables say of those that changed, and rules that are new or changed of all. */
async function wholeTableGates(session: Session, dialect: Dialect, of: ModelsToWrite): Promise<Gate[]> {
  const gates: Gate[] = [];
  for (const model of modelsOf(of.pipeline, of.group)) {
    const only = of.touched.includes(model) ? null : changedRules(model, of.ledger);
    gates.push(...(await tableRuleGates(session, dialect, { model, only })));
    if (gates.some(isError)) return gates;
  }
  return gates;
}

/** What ties rules find in the group's tables, touched or not: what waits on the other side changes by itself. */
async function tiesGates(session: Session, dialect: Dialect, { pipeline, group }: ModelsToWrite): Promise<Gate[]> {
  const gates: Gate[] = [];
  for (const model of modelsOf(pipeline, group)) {
    for (const rule of planChecks(model.contract).ties) {
      gates.push(await tiesGate(session, dialect, { model, rule, currencies: pipeline.currencies }));
      if (gates.some(isError)) return gates;
    }
  }
  return gates;
}

/**
 * Writes the curated tables that a publication reaches and judges all of its group by their rules, inside the transaction. An engine may
 * abort it at the first statement that fails, so that nothing is asked behind a gate that could not be told.
 */
export async function writeModels(session: Session, dialect: Dialect, of: ModelsToWrite): Promise<Gate[]> {
  const { writing, changes, touched, recompute, views } = of;
  for (const model of touched) {
    const isWhole = isRecomputed(recompute, model);
    const more = isWhole
      ? computeWhole(dialect, model)
      : extendTouched(dialect, model, { changes: { feeds: changes, tables: touched }, writing });
    for (const statement of more) await ofModel(model, () => session.run(statement));
    if (views.has(model.table)) {
      const tried = tryView(dialect, model, { feed: feedOf(model, of.pipeline), writing });
      if (tried) await ofModel(model, () => session.rows(tried));
    } else await writeCurated(session, dialect, { model, writing, changes, isWhole });
  }
  const gates = await keyGates(session, dialect, of);
  gates.push(...(await wholeTableGates(session, dialect, of)));
  if (gates.some(isError)) return gates;
  return [...gates, ...(await tiesGates(session, dialect, of))];
}
