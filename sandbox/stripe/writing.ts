import type { Random } from "../random.ts";
import type { Clock } from "../simulator/clock.ts";
import { unixSeconds } from "./clock.ts";
import { inOrder, type Json, type JsonObject } from "./json.ts";
import type { Ids, Kind } from "./kinds.ts";
import { NotAllowed } from "./not-allowed.ts";
import type { Render } from "./render.ts";
import type { AccountFields } from "./shapes/account.ts";
import type { Store, Stored } from "./store.ts";
import { isOlder } from "./versions.ts";

/** When something is written. Left out: now, by the account's clock. */
export interface When {
  /** The instant that it is of; never after the clock. */
  readonly at?: Date;
  /** The instant from which lists show it. Left out: its own and what `visibleAfterSeconds` says. */
  readonly visibleFrom?: Date;
  /** The request that writes it, as its events name it. */
  readonly request?: JsonObject;
}

/** The instants of one act of writing, in whole seconds, and the request that its events name. */
export interface Occasion {
  readonly at: number;
  readonly visibleFrom: number;
  readonly request: JsonObject;
}

/** What may change while the simulator runs. */
export interface Settings {
  readonly livemode: boolean;
  readonly account: AccountFields;
  /** The account's own version: events are written in it, and requests without `Stripe-Version` are answered in it. */
  version: string;
  /** How late lists show what was written: seconds, or a range to draw from. */
  visibleAfterSeconds: number | { readonly least: number; readonly most: number };
}

/** What an object is written with besides its fields. */
export interface NewObject {
  readonly id?: string;
  readonly aside?: JsonObject;
  readonly parent?: string;
}

/** The only way to write into the account: objects and the events that tell of them. */
export interface Writing {
  readonly store: Store;
  readonly ids: Ids;
  readonly settings: Settings;
  /** Throws for an instant after the clock. */
  occasion(when?: When): Occasion;
  /** Writes an object without an event. */
  add(kind: Kind, fields: JsonObject, more: NewObject & { occasion: Occasion }): Stored;
  /** Changes fields of an object; with `event`, that event tells of it and says what the fields were. */
  change(stored: Stored, fields: JsonObject, more: { occasion: Occasion; event?: string }): void;
  /** Takes an object away; the event shows it as it was. */
  remove(stored: Stored, event: string, occasion: Occasion): void;
  /** Writes an event of an object as it is now. */
  tell(type: string, stored: Stored, occasion: Occasion): void;
  /** The object of a kind. Throws where there is none, or it is deleted. */
  the(kind: Kind, id: string): Stored;
  /** The object as the newest version has it. */
  shown(stored: Stored): JsonObject;
}

const WITHOUT_LIVEMODE = new Set<Kind>([
  "subscription_item",
  "refund",
  "balance_transaction",
  "line_item",
  "credit_note_line_item",
]);
const WITHOUT_CREATED = new Set<Kind>(["line_item", "credit_note_line_item"]);

/** What writing needs. */
export interface WritingParts {
  readonly store: Store;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly render: Render;
  readonly settings: Settings;
  readonly random: Random;
  readonly newest: string;
}

const NO_REQUEST: JsonObject = { id: null, idempotency_key: null };

/** Fields that differ, as they were before. */
function previous(before: JsonObject, after: JsonObject): JsonObject {
  const changed = Object.entries(before).filter(([field, value]) => JSON.stringify(after[field]) !== JSON.stringify(value));
  return Object.fromEntries(changed);
}

/** When something happens, by clock and settings. */
function occasionOf({ clock, settings, random }: WritingParts, when: When): Occasion {
  const at = unixSeconds(when.at ?? clock.now());
  if (at > unixSeconds(clock.now())) throw new Error("nothing is written after the clock: set the clock first");
  const late = settings.visibleAfterSeconds;
  const after = typeof late === "number" ? late : random.int(late.least, late.most);
  const visibleFrom = when.visibleFrom ? unixSeconds(when.visibleFrom) : at + after;
  return { at, visibleFrom, request: when.request ?? NO_REQUEST };
}

/** The writing of an account. */
export function writingOf(parts: WritingParts): Writing {
  const { store, ids, clock, render, settings } = parts;
  const own = () => ({ version: settings.version, now: unixSeconds(clock.now()) });

  const add: Writing["add"] = (kind, fields, { occasion, id = ids.of(kind), aside = {}, parent }) => {
    const { at, visibleFrom } = occasion;
    const common = {
      id,
      ...(WITHOUT_CREATED.has(kind) ? {} : { created: at }),
      ...(WITHOUT_LIVEMODE.has(kind) ? {} : { livemode: settings.livemode }),
    };
    const object = { ...fields, ...common };
    return store.add({ id, kind, created: at, visibleFrom, object, aside, ...(parent === undefined ? {} : { parent }) });
  };

  const event = (type: string, data: JsonObject, occasion: Occasion) => {
    if (type.startsWith("invoice_payment.") && isOlder(settings.version)) return;
    const fields: JsonObject = {
      object: "event",
      api_version: settings.version,
      data,
      pending_webhooks: 0,
      request: occasion.request,
      type,
    };
    const written = add("event", fields, { occasion });
    written.object = inOrder(written.object);
  };

  const tell: Writing["tell"] = (type, stored, occasion) => event(type, { object: render(stored, own()) }, occasion);

  return {
    store,
    ids,
    settings,
    occasion: (when = {}) => occasionOf(parts, when),
    add,
    tell,
    change: (stored, fields, more) => {
      const before: Json = more.event ? render(stored, own()) : {};
      stored.object = { ...stored.object, ...fields };
      if (!more.event) return;
      const after = render(stored, own());
      event(more.event, { object: after, previous_attributes: previous(before, after) }, more.occasion);
    },
    remove: (stored, type, occasion) => {
      tell(type, stored, occasion);
      stored.deleted = true;
    },
    the: (kind, id) => {
      const found = store.find(id);
      if (found?.kind !== kind || found.deleted) throw new NotAllowed(`there is no ${kind} ${id}`);
      return found;
    },
    shown: (stored) => render(stored, { version: parts.newest, now: unixSeconds(clock.now()) }),
  };
}
