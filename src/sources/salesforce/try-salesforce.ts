import type { Tried, TryRequest } from "../source.ts";
import type { SalesforceApi } from "./api.ts";
import { describeAll, proveFields, proveOthers } from "./describe.ts";
import { horizonOf } from "./horizon.ts";
import { identityText, openOrg } from "./org.ts";
import { salesforceReading, salesforceSettings } from "./salesforce-kind.ts";

/** Does what a run does before it asks for records: login, right, fields, horizon. */
export async function trySalesforce(api: SalesforceApi, { source, feeds }: TryRequest): Promise<Tried> {
  const { identity } = await openOrg(api, source.id);
  const { currency } = salesforceSettings(source);
  const objects = await describeAll(
    api,
    source.id,
    feeds.map(({ feed }) => feed),
  );
  for (const { feed } of feeds) {
    proveFields({ feed, source: source.id, described: objects.get(salesforceReading(feed).object) ?? null, currency });
    await proveOthers(api, source.id, feed);
  }
  for (const object of objects.keys()) await horizonOf(api, source.id, object);
  return {
    findings: new Map(),
    says: `it is ${identityText(identity)}, and its user sees all data and the declared fields of ${[...objects.keys()].join(", ")}`,
  };
}
