import type { Gathering, StripeObject } from "./gathering.ts";
import { type CreatedRange, lookAgain, readDown } from "./read-down.ts";

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

/** Reads events with a gathering that tells of every object to `collect`. */
export function eventStream(
  makeGathering: (collect: (object: StripeObject) => void) => Gathering,
): EventStream & { of: Gathering } {
  const touches = new Map<string, Touch | null>();
  const of = makeGathering((object) => touches.set(object.id, touchOf(object)));
  return {
    of,
    read: async (range) => {
      touches.clear();
      await readDown(of, range, { mayStop: () => false });
      await lookAgain(of, range);
      return [...touches.values()].filter((touch) => touch !== null);
    },
  };
}
