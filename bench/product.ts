import { createApp } from "../src/app/app.ts";
import { FLOW_CLASSES } from "../src/checks/row-class.ts";
import { parentQuarantinedId } from "../src/contract/check-plan.ts";
import type { FeedReport } from "../src/projector/run-report.ts";
import { executeRun } from "../src/run/execute.ts";
import { runRequest } from "../src/run/request.ts";
import type { Warehouse } from "../src/warehouse/warehouse.ts";
import { RULES, ruleName, wrongCounts } from "./rules.ts";

/**
 * The product's hour in a process of its own: seconds by stage, statements of the publishing session, peak memory, classes, a
 * digest of everything published and, for a first hour of `n` customers, the counts of the 25 rules (`-`: not a first hour).
 * With `no-digest` nothing is read for the digest, whose scans count to this process's peak and outlast the hour. With `land` the run is
 * broken off before it judges what it has landed, which the next one then loads.
 */
const [directory = "", n = "-", digests] = process.argv.slice(2);
const statements: { name: string; ms: number; cpuMs: number }[] = [];

/** A clock of wall and CPU time since now, all threads of this process counted. */
function stopwatch(): () => { ms: number; cpuMs: number } {
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return { ms: performance.now() - began, cpuMs: (user + system) / 1000 };
  };
}

/** How a run is broken off that shall only land. */
class Landed extends Error {}

function breakOff({ name }: { readonly name: string }): void {
  if (digests === "land" && name.startsWith("label.")) throw new Landed("the extracts are landed");
}

function timed(warehouse: Warehouse): Warehouse {
  return {
    dialect: warehouse.dialect,
    open: async (options) => {
      const session = await warehouse.open(options);
      const time = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
        const passed = stopwatch();
        try {
          return await work();
        } finally {
          statements.push({ name, ...passed() });
        }
      };
      return {
        ...session,
        run: (s) =>
          time(s.name, () => {
            breakOff(s);
            return session.run(s);
          }),
        rows: (s) => time(s.name, () => session.rows(s)),
        loadRaw: (batch) => time(`raw.${batch.feed}`, () => session.loadRaw(batch)),
        transaction: async (work) => {
          let ended = stopwatch();
          const result = await session.transaction(async () => {
            const done = await work();
            ended = stopwatch();
            return done;
          });
          statements.push({ name: "COMMIT and CHECKPOINT", ...ended() });
          return result;
        },
      };
    },
  };
}

const app = createApp(process.env);
const { pipeline } = await app.pipeline({ directory, environment: "local" });
const REQUEST = runRequest({ group: pipeline.defaultGroup ?? "hour" });

/** One text for the content of all published tables, whatever the order of their rows. */
async function digest(): Promise<string | null> {
  if (digests !== undefined) return null;
  const session = await (await app.look.warehouse(pipeline)).open({ purpose: "bench", readOnly: true });
  try {
    const tables = await session.rows({
      name: "bench.tables",
      sql: "select table_schema || '.\"' || table_name || '\"' as t from information_schema.tables where table_schema in ('curated', 'history', 'staging') order by 1",
    });
    const parts: string[] = [];
    for (const { t } of tables) {
      const [row] = await session.rows({
        name: "bench.digest",
        sql: `select count(*) || ':' || bit_xor(hash(x)) as d from ${t} x`,
      });
      parts.push(`${t}=${row?.["d"]}`);
    }
    return parts.join(" ");
  } finally {
    await session.close();
  }
}

const isFirstHour = n !== "-";
const before = isFirstHour ? null : await digest();
const passed = stopwatch();
const found = await app.run.withEngine(
  pipeline,
  () => undefined,
  async (engine) => {
    const run = executeRun({ ...engine, warehouse: timed(engine.warehouse) }, REQUEST, new AbortController().signal);
    const report = await run.catch((error: unknown) => {
      if (!(error instanceof Landed)) throw error;
      return { outcome: "landed", feeds: [], stages: [] };
    });
    const { ms, cpuMs } = passed();
    return { report, seconds: Math.round(ms) / 1000, cpuSeconds: Math.round(cpuMs) / 1000 };
  },
);

/** Children of quarantined parents have a verdict of their own; the truth of the 25 rules counts known parents only. */
async function ruleCounts(): Promise<Map<string, number>> {
  const session = await (await app.look.warehouse(pipeline)).open({ purpose: "bench", readOnly: true });
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

function classes(feeds: readonly FeedReport[]): Record<string, number> {
  const names = ["extracted", ...FLOW_CLASSES] as const;
  return Object.fromEntries(names.map((name) => [name, feeds.reduce((sum, feed) => sum + Number(feed[name]), 0)]));
}

const peak = Math.round(process.resourceUsage().maxRSS / 1024);
const counts = isFirstHour ? await ruleCounts() : new Map<string, number>();
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
    cpu_seconds: found.cpuSeconds,
    stages: found.report.stages.map(({ stage, seconds }) => ({ stage, seconds })),
    statements: last - first + 1,
    peak_mb: peak,
    wrong: isFirstHour ? wrongCounts(counts, Number(n)) : [],
    rows: classes(found.report.feeds),
    digest_before: before,
    digest_after: await digest(),
    parent_quarantined: parentQuarantined,
    slowest: [...statements]
      .sort((a, b) => b.ms - a.ms)
      .slice(0, 24)
      .map((s) => ({ statement: s.name, seconds: Math.round(s.ms) / 1000, cpu_seconds: Math.round(s.cpuMs) / 1000 })),
  }),
);
