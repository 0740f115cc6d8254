import type { CostLine, CostReport } from "../cost.ts";
import type { TextRow } from "../warehouse.ts";

/** A member of the tag that `tag.ts` wrote; texts that are no JSON belong to other programs. */
const tagged = (name: string) => `COALESCE(CAST(TRY_PARSE_JSON(h.query_tag)['${name}'] AS VARCHAR), '-')`;

/**
 * QUERY_HISTORY has every statement within 45 minutes; QUERY_ATTRIBUTION_HISTORY has credits hours later, and none for statements
 * that are over in about 100 ms. Idle time of the warehouse is in neither.
 */
export const snowflakeCost: CostReport = {
  query: (days) => ({
    name: "cost",
    sql: `SELECT ${tagged("stage")} AS stage, ${tagged("table")} AS about, ${tagged("rule")} AS rule, ${tagged("statement")} AS statement,
  COUNT(*) AS statements, SUM(h.total_elapsed_time) AS milliseconds, SUM(a.credits_attributed_compute) AS credits, SUM(h.bytes_scanned) AS bytes_scanned
FROM SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY h
LEFT JOIN SNOWFLAKE.ACCOUNT_USAGE.QUERY_ATTRIBUTION_HISTORY a ON a.query_id = h.query_id AND a.start_time >= DATEADD(DAY, -${days}, CURRENT_TIMESTAMP())
WHERE h.start_time >= DATEADD(DAY, -${days}, CURRENT_TIMESTAMP()) AND CAST(TRY_PARSE_JSON(h.query_tag)['app'] AS VARCHAR) = 'ledgerloop'
GROUP BY 1, 2, 3, 4 ORDER BY credits DESC NULLS LAST, milliseconds DESC`,
  }),
  parse: (rows) => rows.map(line),
};

function line(row: TextRow): CostLine {
  return {
    stage: row["stage"] ?? "-",
    table: row["about"] ?? "-",
    rule: row["rule"] ?? "-",
    statement: row["statement"] ?? "-",
    statements: Number(row["statements"] ?? "0"),
    seconds: Number(row["milliseconds"] ?? "0") / 1000,
    credits: row["credits"] ?? null,
    bytesScanned: Number(row["bytes_scanned"] ?? "0"),
  };
}
