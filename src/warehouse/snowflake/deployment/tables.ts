import type { DdlFile, DeploymentFacts, TableFacts } from "../../deployment.ts";
import { snowflakeDialect as d } from "../dialect.ts";
import { numbered } from "./names.ts";

export function tables({ tableDdl }: DeploymentFacts): DdlFile {
  return {
    name: "050_tables",
    about:
      "Tables and views of the pipeline. Keys are not declared: Snowflake would not enforce them, and every publication counts them itself.",
    statements: tableDdl,
  };
}

const clustered = ({ schema, name, prunedBy }: TableFacts) =>
  prunedBy === null ? [] : [`ALTER TABLE ${d.table(schema, name)} CLUSTER BY (DATE_TRUNC('MONTH', ${d.identifier(prunedBy)}))`];

/** For questions that name dates: reports, reconciliations, lifecycle policies. Publications find rows by key. */
export function clustering({ tables: all }: DeploymentFacts): DdlFile {
  return {
    name: "060_clustering",
    about: `Clustering by month of the posting date, for tables that have one: what asks by date then reads the months that it names. Publications
find rows by key and gain nothing. Automatic clustering is billed; ALTER TABLE … SUSPEND RECLUSTER ends it.`,
    optional: "automatic clustering costs credits all the time; worth it from some 100 M rows a table, where queries name dates",
    byHand: true,
    statements: numbered("060_clustering", all.flatMap(clustered)),
  };
}

/** Current rows only, under names of their own: readers never meet a half-written table, and no column of the machinery. */
export function reporting({ tables: all }: DeploymentFacts): DdlFile {
  const views = all.flatMap(({ view, columns }) => {
    if (view === null) return [];
    const list = columns.map(d.identifier).join(", ");
    return `CREATE OR REPLACE SECURE VIEW REPORTING.${d.identifier(view)} COPY GRANTS AS
SELECT ${list}, c._publication AS PUBLICATION FROM ${d.table("curated", view)} c`;
  });
  return {
    name: "080_reporting",
    about:
      "What reports read: secure views of live rows as of the last publication, each row with the number of the publication that wrote it.",
    optional: "for readers; runs do not use it",
    statements: numbered("080_reporting", views),
  };
}

const MONITORING: Readonly<Record<string, string>> = {
  LAST_PUBLICATION: `SELECT p.run_group, p.number, p.publication_id, p.run_id, p.window_start, p.window_end, p.published_at, p.actor
FROM OPS."PUBLICATION" p JOIN (SELECT run_group, MAX(number) AS number FROM OPS."PUBLICATION" GROUP BY run_group) l ON l.run_group = p.run_group AND l.number = p.number`,
  FEED_FRESHNESS: `SELECT b.feed, MAX(b.window_end) AS window_end, MAX(p.published_at) AS published_at, SUM(b.row_count) AS row_count
FROM OPS."BATCH" b JOIN OPS."PUBLICATION" p ON p.publication_id = b.publication_id WHERE b.replay_of IS NULL GROUP BY b.feed`,
  FAILED_VERDICT: `SELECT v.run_group, v.number, v.scope, v.feed, v.name, v.severity, v.verdict, v.observed, v.limit_text
FROM OPS."VERDICT" v WHERE v.verdict <> 'pass'`,
  WAITING_MONEY: `SELECT q.feed, q.kind, q.reasons, q.currency, SUM(q.copies) AS row_count, SUM(q.copies * q.minor) AS minor, MIN(q.opened_at) AS oldest
FROM OPS."OPEN_QUARANTINE" q GROUP BY q.feed, q.kind, q.reasons, q.currency`,
};

export function monitoring(): DdlFile {
  const views = Object.entries(MONITORING).map(
    ([name, select]) => `CREATE OR REPLACE VIEW OPS."${name}" COPY GRANTS AS\n${select}`,
  );
  return {
    name: "090_monitoring",
    about:
      "Views for dashboards and alerts inside Snowflake: last publication, freshness of feeds, verdicts that did not pass, money that waits.",
    optional: "for monitoring; runs do not use it",
    statements: numbered("090_monitoring", views),
  };
}
