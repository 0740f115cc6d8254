import { type JsonAmount, jsonAmount } from "../kernel/json.ts";
import type { RowCounts, Trial, TriedRule } from "../trial/trial.ts";

interface CountsDocument {
  readonly rows: JsonAmount;
  readonly valid: JsonAmount;
  readonly copies: JsonAmount;
  readonly quarantined: JsonAmount;
  readonly malformed: JsonAmount;
}

function countsDocument({ rows, valid, copies, quarantined, malformed }: RowCounts): CountsDocument {
  return {
    rows: jsonAmount(rows),
    valid: jsonAmount(valid),
    copies: jsonAmount(copies),
    quarantined: jsonAmount(quarantined),
    malformed: jsonAmount(malformed),
  };
}

function ruleDocument({ id, kind, severity, failed, notRun }: TriedRule) {
  return { id, kind, severity, failed: failed === "not_run" ? failed : jsonAmount(failed), not_run: notRun };
}

/** What became of files as `check --json` prints it. */
export function trialDocument(trial: Trial) {
  return {
    contract: { id: trial.contract.id, version: trial.contract.version },
    ok: trial.ok,
    ...countsDocument(trial),
    files: trial.files.map(({ path, stopped, ...counts }) => ({
      path,
      ...countsDocument(counts),
      stopped: stopped && { reason: stopped.reason, says: stopped.says, next: stopped.next },
    })),
    rules: trial.rules.map(ruleDocument),
    combinations: trial.combinations.map(({ rules, rows }) => ({ rules, rows: jsonAmount(rows) })),
    totals: trial.totals.map(({ column, currency, all, valid, quarantined }) => ({ column, currency, all, valid, quarantined })),
    copied: trial.copied.map(({ path, record, of }) => ({ path, record, of: { path: of.path, record: of.record } })),
  };
}
