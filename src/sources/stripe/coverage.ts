import type { Absence } from "../../config/pipeline.ts";

/**
 * How changes of a kind of object are seen. `events`: objects that are created come from lists, later changes from events. `immutable`:
 * objects never change, so that lists of new ones are all. `parents`: with the objects that they stand in.
 */
type Changes = "events" | "immutable" | "parents";

interface Common {
  readonly changes: Changes;
  /** What it means when a published object is not in a complete read. */
  readonly absence: Absence;
  /** The value of `object` in the API. */
  readonly object: string;
  /** How long after a change at Stripe the next hourly run has it, and what is never seen by one: for people. */
  readonly unseen: string;
}

/** Objects with a list of their own. */
export interface Listed extends Common {
  readonly changes: "events" | "immutable";
  readonly path: string;
  /** What the list shows only when asked. */
  readonly query: Readonly<Record<string, string>>;
  /** The types of events that say that an object is gone. */
  readonly deletedBy: readonly string[];
  /** The list still has what was created long ago, so that nets read it again. */
  readonly keeps: boolean;
  /** Events of other objects that change these without an event of their own; null for kinds of which there are none. */
  readonly besides: Besides | null;
  /** Objects in these states are to change: nets look at each of them. Null for kinds without such states. */
  readonly pending: Pending | null;
}

/** Objects that change with another one, of which alone there is an event. */
export interface Besides {
  readonly toldBy: readonly string[];
  /** The parameter by which the list shows those that change with an object. */
  readonly by: string;
}

/** States in which an object does not stay. */
export interface Pending {
  /** Of published objects. */
  readonly states: readonly string[];
  /** What they are called, for people. */
  readonly says: string;
  /** What the list shows of them alone; null where it cannot. */
  readonly query: Readonly<Record<string, string>> | null;
}

/** Objects in a list inside others. */
export interface Nested extends Common {
  readonly changes: "parents";
  readonly parent: ListedName;
  /** JSON pointer of the page that the parent begins the list with. */
  readonly inside: string;
  /** Where the list goes on, of a parent. */
  rest(parent: string): { readonly path: string; readonly query: Readonly<Record<string, string>> };
  /** The requests that `rest` makes, as a pattern whose first group is the parent. */
  readonly request: string;
}

const MISSED = "a change without an event: the nets, at the latest in thirty nights";

const listed = (path: string, object: string, more: Partial<Listed> = {}): Listed => ({
  changes: "events",
  absence: "vanished",
  object,
  unseen: MISSED,
  path,
  query: {},
  deletedBy: [],
  keeps: true,
  besides: null,
  pending: null,
  ...more,
});

const LISTED = {
  customers: listed("/v1/customers", "customer", { deletedBy: ["customer.deleted"] }),
  // Without a status the list leaves canceled ones out.
  subscriptions: listed("/v1/subscriptions", "subscription", { query: { status: "all" } }),
  invoices: listed("/v1/invoices", "invoice", {
    deletedBy: ["invoice.deleted"],
    pending: { says: "open ones", states: ["open"], query: { status: "open" } },
  }),
  invoice_payments: listed("/v1/invoice_payments", "invoice_payment", {
    unseen: "one that is canceled, but for its invoice's being voided, has no event: the nets of the night",
    besides: { toldBy: ["invoice.voided"], by: "invoice" },
    pending: { says: "open ones", states: ["open"], query: { status: "open" } },
  }),
  charges: listed("/v1/charges", "charge"),
  refunds: listed("/v1/refunds", "refund", {
    pending: { says: "pending ones", states: ["pending", "requires_action"], query: null },
  }),
  disputes: listed("/v1/disputes", "dispute", {
    pending: {
      says: "open ones",
      states: ["needs_response", "under_review", "warning_needs_response", "warning_under_review"],
      query: null,
    },
  }),
  credit_notes: listed("/v1/credit_notes", "credit_note"),
  payouts: listed("/v1/payouts", "payout"),
  balance_transactions: listed("/v1/balance_transactions", "balance_transaction", {
    changes: "immutable",
    absence: "incomplete",
    unseen: "status changes without an event: leave it out of the contract; nets stop where available_on does",
  }),
  events: listed("/v1/events", "event", {
    changes: "immutable",
    absence: "nothing",
    keeps: false,
    unseen: "events older than 30 days are gone at Stripe, and stay published here",
  }),
} as const satisfies Readonly<Record<string, Listed>>;

type ListedName = keyof typeof LISTED;

const NESTED = {
  subscription_items: {
    changes: "parents",
    absence: "vanished",
    object: "subscription_item",
    unseen: MISSED,
    parent: "subscriptions",
    inside: "/items",
    rest: (parent) => ({ path: "/v1/subscription_items", query: { subscription: parent } }),
    request: "^[^?]*/v1/subscription_items\\?(?:.*&)?subscription=([^&]+)",
  },
  invoice_lines: {
    changes: "parents",
    absence: "vanished",
    object: "line_item",
    unseen: MISSED,
    parent: "invoices",
    inside: "/lines",
    rest: (parent) => ({ path: `/v1/invoices/${encodeURIComponent(parent)}/lines`, query: {} }),
    request: "^[^?]*/v1/invoices/([^/?]+)/lines(?:\\?|$)",
  },
} as const satisfies Readonly<Record<string, Nested>>;

/** Every kind of object that can be a feed, how its changes are seen, and what absence means. What has no line here is not read. */
export const COVERAGE: Readonly<Record<keyof typeof LISTED | keyof typeof NESTED, Listed | Nested>> = { ...LISTED, ...NESTED };

export type Covered = keyof typeof COVERAGE;

/** Whether objects of a kind stand in others alone. */
export function isInside(name: Covered): boolean {
  return COVERAGE[name].changes === "parents";
}

/** The kind of objects whose lists bring a kind: its own, or that of its parents. */
export function listedFor(name: Covered): { readonly name: ListedName; readonly listed: Listed } {
  const line = COVERAGE[name];
  const own = line.changes === "parents" ? line.parent : (name as ListedName);
  return { name: own, listed: LISTED[own] };
}

/** The members of a kind of objects that are of other kinds: lists that are feeds of their own, and what an event is about. */
export function membersOfOthers(name: Covered): string[] {
  const lists = Object.values(NESTED).flatMap((line) => (line.parent === name ? [line.inside.slice(1)] : []));
  return name === "events" ? ["data"] : lists;
}
