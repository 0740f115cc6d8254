import type { TryRequest } from "../source.ts";
import type { FeedStanding, Standing } from "../standing.ts";
import type { SalesforceApi } from "./api.ts";
import { horizonOf } from "./horizon.ts";
import { identityText, openOrg } from "./org.ts";
import { queryCount } from "./query-rest.ts";
import { STAMP, salesforceReading, salesforceSettings } from "./salesforce-kind.ts";
import { countText, soqlInstant } from "./soql.ts";

/** Records that a page of REST has, and a page of the Bulk API about. */
const [REST_PAGE, BULK_PAGE] = [2_000, 50_000];
/** Requests beside pages: describe, horizon, count, totals, deletions. */
const BESIDE = 5;
/** Requests of a job: made, looked at, removed. */
const JOB = 4;

const pagesFor = (records: number, restUpTo: number) =>
  records <= restUpTo ? Math.max(1, Math.ceil(records / REST_PAGE)) : JOB + Math.ceil(records / BULK_PAGE);

/** How far the feeds of an org have come, and what the next run takes; some requests are needed to tell. */
export async function standSalesforce(api: SalesforceApi, { source, feeds }: TryRequest): Promise<Standing> {
  const { identity } = await openOrg(api, source.id);
  const standings: FeedStanding[] = [];
  let [requests, changed, horizon] = [3, 0, Number.POSITIVE_INFINITY];
  for (const { feed, cursor } of feeds) {
    const { object } = salesforceReading(feed);
    horizon = Math.min(horizon, await horizonOf(api, source.id, object));
    const from = cursor === null ? null : String(cursor.position);
    const soql = countText({ object, fields: [], where: from === null ? [] : [`${STAMP} >= ${from}`] });
    const records = await queryCount(api, source.id, { name: `count ${object}`, soql });
    if (from !== null) changed += records;
    requests += BESIDE + pagesFor(records, salesforceSettings(source).restUpTo);
    standings.push({ feed: feed.id, reads: from === null ? "load" : "changes", from, nets: { days: null, history: null } });
  }
  return {
    of: identityText(identity),
    now: soqlInstant(api.now()),
    horizon: soqlInstant(Number.isFinite(horizon) ? horizon : api.now()),
    feeds: standings,
    backlog: { events: changed, isMore: false },
    estimate: {
      requests,
      basis: [`${BESIDE} for each of ${feeds.length} feeds beside its records, which come in pages of about ${BULK_PAGE}`],
    },
    perSecond: null,
  };
}
