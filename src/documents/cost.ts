import type { CostLine } from "../warehouse/cost.ts";

/** Credits are attributed with nine decimals. */
function addCredits(credits: readonly (string | null)[]): number | null {
  const given = credits.flatMap((c) => (c === null ? [] : [Number(c)]));
  return given.length === 0 ? null : Number(given.reduce((sum, c) => sum + c, 0).toFixed(9));
}

/** What statements of one name have cost together. */
export interface CostSum {
  readonly name: string;
  readonly statements: number;
  readonly seconds: number;
  readonly credits: number | null;
  readonly bytes_scanned: number;
}

function sumBy(lines: readonly CostLine[], key: (line: CostLine) => string): CostSum[] {
  const names = [...new Set(lines.map(key))];
  return names
    .map((name) => {
      const mine = lines.filter((line) => key(line) === name);
      const sum = (pick: (line: CostLine) => number) => mine.reduce((total, line) => total + pick(line), 0);
      return {
        name,
        statements: sum((l) => l.statements),
        seconds: Math.round(sum((l) => l.seconds) * 1000) / 1000,
        credits: addCredits(mine.map((l) => l.credits)),
        bytes_scanned: sum((l) => l.bytesScanned),
      };
    })
    .sort((a, b) => (b.credits ?? 0) - (a.credits ?? 0) || b.seconds - a.seconds);
}

const KEYS = {
  stage: (line: CostLine) => line.stage,
  feed: (line: CostLine) => line.table,
  rule: (line: CostLine) => (line.rule === "-" ? "all rules of one scan, and everything else" : `${line.table}/${line.rule}`),
  statement: (line: CostLine) => `${line.statement}${line.table === "-" ? "" : `.${line.table}`}`,
} as const;

/** What runs have cost, in all (null where nothing ran) and by stage, feed, rule and statement, dearest first. */
export function costSums(lines: readonly CostLine[]): { total: CostSum | null; by: Record<string, CostSum[]> } {
  const [total = null] = sumBy(lines, () => "total");
  return { total, by: Object.fromEntries(Object.entries(KEYS).map(([name, key]) => [name, sumBy(lines, key)])) };
}
