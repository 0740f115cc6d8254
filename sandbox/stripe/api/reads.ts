import { type JsonObject, numberIn } from "../json.ts";
import type { Kind } from "../kinds.ts";
import { accountShape } from "../shapes/account.ts";
import type { Stored } from "../store.ts";
import type { Asked, Route } from "./asked.ts";
import { eventsAsked, isAlive } from "./events-list.ts";
import { expectKnown, expectKnownInList, filterOf, rangeOf } from "./filters.ts";
import { listBody, pageOf } from "./pages.ts";
import { invalid, missing } from "./refusal.ts";
import { RESOURCES, type Resource } from "./resources.ts";
import { aroundPage } from "./scan.ts";

/** What is left of an object that was deleted. */
export function stub({ id, kind }: Stored): JsonObject {
  return { id, object: kind, deleted: true };
}

/** The object that an address names, which may be deleted. Refuses with 404 what was never there. */
export function theObject({ account }: Asked, kind: Kind, id: string): Stored {
  const stored = account.store.find(id);
  if (stored?.kind !== kind) throw missing(kind, id, { param: "id" });
  return stored;
}

/** A page of objects as it is answered. */
function answered(asked: Asked, list: readonly Stored[], more: { kind: Kind; url: string }): JsonObject {
  const page = pageOf(list, asked.params, { kind: more.kind, again: asked.again });
  const data = page.data.map((stored) => asked.account.render(stored, asked.view));
  return listBody({ data, hasMore: page.hasMore }, more.url);
}

function listOfResource(asked: Asked, resource: Resource): JsonObject {
  const { params, view, account } = asked;
  const passes = filterOf(resource, params, account.store);
  const range = rangeOf(params["created"], "created");
  const stands = (stored: Stored) => !stored.deleted && stored.visibleFrom <= view.now && passes(stored);
  const list = aroundPage(asked, { kind: resource.kind, range, stands });
  return answered(asked, list, { kind: resource.kind, url: asked.path });
}

/** The parts of an object, in the order in which they were written. */
function listOfParts(asked: Asked, parent: string, more: { kind: Kind; url: string }): JsonObject {
  const parts = asked.account.store.parts(parent, more.kind);
  return answered(asked, parts, more);
}

function one(asked: Asked, kind: Kind, id: string): JsonObject {
  expectKnown(asked.params, ["expand"]);
  const stored = theObject(asked, kind, id);
  return stored.deleted ? stub(stored) : asked.account.render(stored, asked.view);
}

const ofResources = Object.entries(RESOURCES).flatMap(([name, resource]): Route[] => {
  const newer = resource.kind === "invoice_payment";
  return [
    { method: "GET", path: name, shape: "list", newer, answer: (asked) => listOfResource(asked, resource) },
    { method: "GET", path: `${name}/:id`, shape: "one", newer, answer: (asked, id) => one(asked, resource.kind, id) },
  ];
});

function linesOf(kind: "invoice" | "credit_note", lines: Kind): Route {
  return {
    method: "GET",
    path: `${kind}s/:id/lines`,
    shape: "list",
    answer: (asked, id) => {
      expectKnownInList(asked.params, []);
      if (theObject(asked, kind, id).deleted) throw missing(kind, id, { param: kind });
      return listOfParts(asked, id, { kind: lines, url: asked.path });
    },
  };
}

function subscriptionItems(asked: Asked): JsonObject {
  expectKnownInList(asked.params, ["subscription"]);
  const { subscription } = asked.params;
  if (typeof subscription !== "string") {
    throw invalid("Missing required param: subscription.", { code: "parameter_missing", param: "subscription" });
  }
  if (asked.account.store.find(subscription)?.kind !== "subscription") {
    throw missing("subscription", subscription, { param: "subscription", status: 400 });
  }
  return listOfParts(asked, subscription, { kind: "subscription_item", url: asked.path });
}

function events(asked: Asked): JsonObject {
  return answered(asked, eventsAsked(asked), { kind: "event", url: asked.path });
}

function event(asked: Asked, id: string): JsonObject {
  if (!isAlive(theObject(asked, "event", id), asked.view.now)) throw missing("event", id, { param: "id" });
  return one(asked, "event", id);
}

/** Sums of the balance, available and on their way. */
function balance({ account, params, view }: Asked): JsonObject {
  expectKnown(params, ["expand"]);
  const sums = { available: 0, pending: 0 };
  for (const { object } of account.store.between("balance_transaction", 0, view.now + 1)) {
    sums[numberIn(object, "available_on") <= view.now ? "available" : "pending"] += numberIn(object, "net");
  }
  const { currency } = account.settings.account;
  const amount = (sum: number) => [{ amount: sum, currency, source_types: { card: sum } }];
  return {
    object: "balance",
    available: amount(sums.available),
    livemode: account.settings.livemode,
    pending: amount(sums.pending),
  };
}

function account({ account: { settings }, params }: Asked): JsonObject {
  expectKnown(params, ["expand"]);
  return accountShape(settings.account);
}

/** What can be read. */
export const READS: readonly Route[] = [
  { method: "GET", path: "account", shape: "other", answer: account },
  { method: "GET", path: "balance", shape: "other", answer: balance },
  { method: "GET", path: "events", shape: "list", answer: events },
  { method: "GET", path: "events/:id", shape: "one", answer: event },
  { method: "GET", path: "subscription_items", shape: "list", answer: subscriptionItems },
  { method: "GET", path: "subscription_items/:id", shape: "one", answer: (asked, id) => one(asked, "subscription_item", id) },
  linesOf("invoice", "line_item"),
  linesOf("credit_note", "credit_note_line_item"),
  ...ofResources,
];
