import { createApp } from "../src/app.ts";
import { parentQuarantinedId } from "../src/contract/check-plan.ts";
import type { RunRequest } from "../src/run/engine.ts";
import { executeRun } from "../src/run/execute.ts";
import type { Warehouse } from "../src/warehouse/warehouse.ts";
import { RULES, ruleName, wrongCounts } from "./rules.ts";

/** The product's hour in a process of its own: seconds by stage, statements of the publishing session, peak memory, rule counts. */
const [directory = "", n = "0"] = process.argv.slice(2);
const REQUEST: RunRequest = {
  group: "hour",
  window: null,
  feeds: null,
  full: false,
  keys: false,
  sameExtract: false,
  replay: null,
  reason: null,
  ticket: null,
};
const statements: { name: string; ms: number }[] = [];

function timed(warehouse: Warehouse): Warehouse {
  return {
    dialect: warehouse.dialect,
    open: async (options) => {
      const session = await warehouse.open(options);
      const time = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
        const began = performance.now();
        try {
          return await work();
        } finally {
          statements.push({ name, ms: performance.now() - began });
        }
      };
      return {
        ...session,
        run: (s) => time(s.name, () => session.run(s)),
        rows: (s) => time(s.name, () => session.rows(s)),
        transaction: async (work) => {
          let ended = performance.now();
          const result = await session.transaction(async () => {
            const done = await work();
            ended = performance.now();
            return done;
          });
          statements.push({ name: "COMMIT and CHECKPOINT", ms: performance.now() - ended });
          return result;
        },
      };
    },
  };
}

const app = createApp(process.env);
const { pipeline } = await app.pipeline({ directory, environment: "local" });
const began = performance.now();
const found = await app.withEngine(
  pipeline,
  () => undefined,
  async (engine) => {
    const report = await executeRun({ ...engine, warehouse: timed(engine.warehouse) }, REQUEST, new AbortController().signal);
    return { report, seconds: Math.round(performance.now() - began) / 1000 };
  },
);

/** Children of quarantined parents have a verdict of their own; the truth of the 25 rules counts known parents only. */
async function ruleCounts(): Promise<Map<string, number>> {
  const session = await (await app.warehouse(pipeline)).open({ purpose: "bench", readOnly: true });
  try {
    const rows = await session.rows({
      name: "bench",
      sql: "select q.feed, r.reason, cast(sum(q.copies) as varchar) as n from ops.quarantine_row q, unnest(cast(q.reasons as varchar[])) r(reason) group by all",
    });
    return new Map(rows.map((row) => [`${(row["feed"] ?? "").replace("src.", "")}.${row["reason"]}`, Number(row["n"])]));
  } finally {
    await session.close();
  }
}

const counts = await ruleCounts();
const parentQuarantined = RULES.filter((r) => r.parent).map((r) => ({
  rule: ruleName(r),
  rows: counts.get(`${r.table}.${parentQuarantinedId(r.id)}`) ?? 0,
}));
const first = statements.findIndex((s) => s.name.startsWith("label."));
const last = statements.findLastIndex((s) => s.name === "COMMIT and CHECKPOINT");
console.log(
  JSON.stringify({
    outcome: found.report.outcome,
    seconds: found.seconds,
    stages: found.report.stages.map(({ stage, seconds }) => ({ stage, seconds })),
    statements: last - first + 1,
    peak_mb: Math.round(process.resourceUsage().maxRSS / 1024),
    wrong: wrongCounts(counts, Number(n)),
    parent_quarantined: parentQuarantined,
    slowest: [...statements]
      .sort((a, b) => b.ms - a.ms)
      .slice(0, 12)
      .map((s) => ({ statement: s.name, seconds: Math.round(s.ms) / 1000 })),
  }),
);
