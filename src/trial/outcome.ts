import type { BatchRuleOutcome } from "../checks/batch-verdicts.ts";
import type { FeedInWork } from "../checks/judge.ts";
import { parseRuleCounts, tallyRules } from "../checks/tally.ts";
import type { Contract } from "../contract/contract.ts";
import type { Rule } from "../contract/rule.ts";
import { Failure } from "../kernel/problem.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { ask } from "../warehouse/questions.ts";
import type { Session, TextRow } from "../warehouse/warehouse.ts";
import { rowsLost } from "./problems.ts";
import { countCombinations, countFiles, findCopies, sumTotals } from "./questions.ts";
import type { ReadFile } from "./read-files.ts";
import type { Combination, Copy, RowCounts, Total, Trial, TriedFile, TriedRule } from "./trial.ts";

/** The reason of a row whose money cannot be read though it breaks no rule: `waitingReasons` gives it. */
const MONEY = "money.unreadable";

const NO_ROWS: RowCounts = { rows: 0n, valid: 0n, copies: 0n, quarantined: 0n, malformed: 0n };

function countsOf(row: TextRow | undefined): RowCounts {
  const count = (name: string) => BigInt(row?.[name] ?? "0");
  return {
    rows: count("row_count"),
    valid: count("valid"),
    copies: count("copies"),
    quarantined: count("quarantined"),
    malformed: count("malformed"),
  };
}

/** What became of each file. @throws Failure `internal` where a record was lost on the way. */
function triedFiles(files: readonly ReadFile[], counted: readonly TextRow[]): TriedFile[] {
  return files.map(({ file: { path }, read, raw }) => {
    if (read.stopped) return { path, ...NO_ROWS, stopped: read.stopped };
    const counts = countsOf(counted.find((row) => row["file_key"] === raw.key));
    const { rows, valid, quarantined, malformed } = counts;
    if (rows !== BigInt(read.records) || rows !== valid + quarantined + malformed)
      throw new Failure("internal", rowsLost({ path, read: read.records, judged: valid + quarantined + malformed }));
    return { path, ...counts, stopped: null };
  });
}

function added(files: readonly RowCounts[]): RowCounts {
  const sum = (name: keyof RowCounts) => files.reduce((all, file) => all + file[name], 0n);
  return {
    rows: sum("rows"),
    valid: sum("valid"),
    copies: sum("copies"),
    quarantined: sum("quarantined"),
    malformed: sum("malformed"),
  };
}

function combinationsOf(rows: readonly TextRow[]): Combination[] {
  return rows
    .map((row) => ({ rules: JSON.parse(row["reasons"] ?? "[]") as string[], rows: BigInt(row["row_count"] ?? "0") }))
    .sort((a, b) => (a.rows === b.rows ? (a.rules.join() < b.rules.join() ? -1 : 1) : a.rows > b.rows ? -1 : 1));
}

function totalsOf(rows: readonly TextRow[]): Total[] {
  const text = (row: TextRow, name: string) => row[name] ?? "";
  return rows
    .map((row) => ({
      column: text(row, "amount"),
      currency: text(row, "currency"),
      all: text(row, "total"),
      valid: text(row, "valid"),
      quarantined: text(row, "quarantined"),
    }))
    .sort((a, b) => (`${a.column}\n${a.currency}` < `${b.column}\n${b.currency}` ? -1 : 1));
}

function copiesOf(files: readonly ReadFile[], rows: readonly TextRow[]): Copy[] {
  const nthOf = (key: string | null | undefined) => files.findIndex(({ raw }) => raw.key === key);
  const place = (nth: number, record: string | null | undefined) => ({
    path: files[nth]?.file.path ?? "",
    record: Number(record),
  });
  return rows
    .map((row) => ({ nth: nthOf(row["file_key"]), row }))
    .sort((a, b) => a.nth - b.nth || Number(a.row["record_number"]) - Number(b.row["record_number"]))
    .map(({ nth, row }) => ({
      ...place(nth, row["record_number"]),
      of: place(nthOf(row["first_key"]), row["first_number"]),
    }));
}

type NotRun = NonNullable<TriedRule["notRun"]>;

/** Why a rule cannot be judged by files alone; null where it can. */
function notJudged(rule: Rule, isResolved: boolean): NotRun | null {
  if (rule.kind === "immutable") return { says: "it compares rows with published ones", next: null };
  if (rule.kind === "ties") return { says: "it judges a curated table", next: null };
  if (rule.kind !== "foreign_key" || isResolved) return null;
  const { object } = rule.parent;
  return { says: `the keys of ${object} are not known`, next: `--reference ${object}=FILE` };
}

/** A rule over the whole batch: the batch breaks it, or not. */
function ofBatch({ rule, holds, reason }: BatchRuleOutcome): TriedRule {
  const { id, kind, severity } = rule;
  if (holds === null) return { id, kind, severity, failed: "not_run", notRun: { says: reason ?? "it failed", next: null } };
  return { id, kind, severity, failed: holds ? 0n : 1n, notRun: null };
}

interface Judged {
  readonly contract: Contract;
  readonly work: FeedInWork;
  readonly broken: ReadonlyMap<string, bigint>;
  readonly combinations: readonly Combination[];
}

function triedRule(rule: Rule, { work, broken }: Judged): TriedRule {
  const { id, kind, severity } = rule;
  const batch = work.batchRules.find((outcome) => outcome.rule.id === id);
  if (batch) return ofBatch(batch);
  const failed = work.brokenRules.find((one) => one.id === id);
  const notRun = failed ? { says: "it failed to run", next: null } : notJudged(rule, broken.has(id));
  return notRun
    ? { id, kind, severity, failed: "not_run", notRun }
    : { id, kind, severity, failed: broken.get(id) ?? 0n, notRun };
}

/** All rules in the contract's order; of money what no rule says. */
function triedRules(judged: Judged): TriedRule[] {
  const { contract, work, combinations } = judged;
  const { feed } = work.input;
  const own = feed.contract.rules.filter(({ id }) => !contract.rules.some((rule) => rule.id === id));
  const rules = [...contract.rules, ...own].map((rule) => triedRule(rule, judged));
  if (feed.money === undefined) return rules;
  const failed = combinations.filter((one) => one.rules.includes(MONEY)).reduce((sum, { rows }) => sum + rows, 0n);
  return [...rules, { id: MONEY, kind: "money", severity: "quarantine", failed, notRun: null }];
}

/** A set rule that refuses the batch, or a rule that should have run and could not. */
function refuses({ work }: Judged): boolean {
  const isRefused = ({ rule, holds }: BatchRuleOutcome) => rule.severity !== "warn" && holds !== true;
  return work.brokenRules.length > 0 || work.batchRules.some(isRefused);
}

/** What was found, put together of what the work tables of a judged feed say. */
export async function outcomeOf(
  session: Session,
  dialect: Dialect,
  { contract, work, files }: { contract: Contract; work: FeedInWork; files: readonly ReadFile[] },
): Promise<Trial> {
  const { input } = work;
  const totals = sumTotals(dialect, input);
  const questions = [countFiles(dialect, input), findCopies(dialect, input), countCombinations(dialect, input)];
  const all = [...questions, tallyRules(dialect, [input]), ...(totals ? [totals] : [])];
  const answer = await ask(session, { dialect, name: "trial" }, all);
  const broken = new Map(parseRuleCounts(dialect, input, answer("rules")).map((rule) => [rule.id, rule.broken]));
  const combinations = combinationsOf(answer("combinations"));
  const tried = triedFiles(files, answer("files"));
  const sum = added(tried);
  const judged = { contract, work, broken, combinations };
  return {
    contract: { id: contract.id, version: contract.version },
    files: tried,
    ...sum,
    rules: triedRules(judged),
    combinations,
    totals: totalsOf(answer("totals")),
    copied: copiesOf(files, answer("copies")),
    ok: sum.rows === sum.valid && tried.every(({ stopped }) => stopped === null) && !refuses(judged),
  };
}
