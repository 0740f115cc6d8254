import { isOrdered } from "../config/landed-meta.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { rowNumber, SCOPE, stagingRows, workTable } from "../warehouse/relations.ts";
import { columns, sameKey } from "../warehouse/sql-text.ts";
import { ORIGIN } from "./label.ts";
import { isClass, STANDS } from "./row-class.ts";
import { completeScopes, type Departures } from "./vanished.ts";

/**
 * Adds to `vanished` what the verdict alone can tell, where parts of the feed have an order: live rows whose part has them no more, and of
 * whose key the parts that have it show nothing that can be published. What stood of it is nobody's; null where that cannot be.
 */
export function collectWithdrawn(dialect: Dialect, departures: Departures): Statement | null {
  const { feed, seq } = departures;
  const scopes = completeScopes(dialect, departures);
  if (scopes === null || !isOrdered(feed)) return null;
  const ofKey = `FROM ${workTable(dialect, "label", feed)} l`;
  const same = sameKey(dialect, feed.sourceKey, ["l", "s"]);
  const ofBatch = `${ofKey} WHERE l._origin = ${ORIGIN.batch} AND ${same}`;
  const stands = `${ofKey} LEFT JOIN ${workTable(dialect, "verdict", feed)} v ON v._row = ${rowNumber(dialect, "l")}
    WHERE ${same} AND ${isClass(dialect, "COALESCE(v._class, 'inserted')", STANDS)}`;
  return {
    name: `withdrawn.${feed.id}`,
    sql: `INSERT INTO ${workTable(dialect, "vanished", feed)}
SELECT ${columns(dialect, "s", feed.sourceKey)}, s._currency, s._minor
FROM ${stagingRows(dialect, feed)} s JOIN (${scopes}) c ON c.${SCOPE} = s.${SCOPE}
WHERE s._deleted_at IS NULL AND s._seq <= ${seq}
  AND EXISTS (SELECT 1 ${ofBatch})
  AND NOT EXISTS (SELECT 1 ${ofBatch} AND l.${SCOPE} = s.${SCOPE})
  AND NOT EXISTS (SELECT 1 ${stands})`,
  };
}
