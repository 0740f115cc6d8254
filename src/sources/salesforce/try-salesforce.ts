import type { Tried, TryRequest } from "../source.ts";
import type { SalesforceApi } from "./api.ts";
import { describeFeeds, proveFeed } from "./describe.ts";
import { horizonOf } from "./horizon.ts";
import { identityText, openOrg } from "./org.ts";
import { salesforceReading } from "./salesforce-kind.ts";

/** Does what a run does before it asks for records: login, right, fields, horizon. */
export async function trySalesforce(api: SalesforceApi, { source, feeds }: TryRequest): Promise<Tried> {
  const { identity } = await openOrg(api, source.id);
  const all = feeds.map(({ feed }) => feed);
  const described = await describeFeeds(api, source.id, all);
  for (const feed of all) await proveFeed(api, source, { feed, described: described.get(feed.id) ?? null });
  const objects = new Set(all.map((feed) => salesforceReading(feed).object));
  for (const object of objects) await horizonOf(api, source.id, object);
  return {
    findings: new Map(),
    says: `it is ${identityText(identity)}, and its user sees all data and the declared fields of ${[...objects].join(", ")}`,
  };
}
