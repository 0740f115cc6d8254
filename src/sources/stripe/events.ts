import type { PagePacks } from "../pages/page-packs.ts";
import type { FeedRequest } from "../source.ts";
import type { StripeObject } from "./gathering.ts";
import { type CreatedRange, lookAgain, readDown } from "./read-down.ts";
import { gatheringFor, type Here } from "./readings.ts";

/** What an event says of the object that it is about. Money and all else of it is never taken: it is as of then, and of any version. */
export interface Touch {
  readonly id: string;
  /** The value of `object`: which kind it is. */
  readonly object: string;
  /** When the object was created; null where the event does not say. */
  readonly created: number | null;
  /** The type of the event: `invoice.updated`. */
  readonly type: string;
  /** When the event was. */
  readonly at: number;
}

function touchOf({ body, created: at }: StripeObject): Touch | null {
  const { type, data } = body as { type?: unknown; data?: { object?: Record<string, unknown> } };
  const object = data?.object;
  if (typeof type !== "string" || at === null || !object) return null;
  const { id, object: kind, created } = object;
  // An upcoming invoice is an event about nothing that is kept.
  if (typeof id !== "string" || typeof kind !== "string") return null;
  return { id, object: kind, created: typeof created === "number" ? created : null, type, at };
}

/** The events of an account, each once however often it comes. */
export interface EventStream {
  /** Reads the events of a range. */
  read(range: CreatedRange): Promise<readonly Touch[]>;
}

/** The events of an account, read for some feeds, and the pages on which they come. */
export function openEvents(here: Here, asked: readonly FeedRequest[]): EventStream & { readonly packs: PagePacks } {
  const touches = new Map<string, Touch | null>();
  const nothing = () => undefined;
  const onObject = (object: StripeObject) => touches.set(object.id, touchOf(object));
  const { of, packs } = gatheringFor(
    here,
    { name: "events", asked: asked.slice(0, 1) },
    { onObject, onGone: nothing, onBytes: nothing },
  );
  return {
    packs,
    read: async (range) => {
      touches.clear();
      await readDown(of, range, { mayStop: () => false });
      await lookAgain(of, range);
      return [...touches.values()].filter((touch) => touch !== null);
    },
  };
}
