import type { JsonObject } from "../json.ts";
import { Refusal } from "./refusal.ts";

/** An answer that can be given again. */
export interface Kept {
  readonly status: number;
  readonly body: JsonObject;
  /** The request that it was first given to. */
  readonly request: string;
}

interface Remembered extends Kept {
  readonly asked: string;
  readonly at: number;
}

/** Seconds for which an answer is kept. */
const LIFE = 86_400;

/** Answers to requests that carried an idempotency key. */
export interface Idempotency {
  /** The answer that was given before. Refuses a key that comes with other parameters. */
  before(key: string, asked: string, now: number): Kept | undefined;
  keep(key: string, asked: string, more: Kept & { now: number }): void;
}

/** No answers yet. */
export function idempotency(): Idempotency {
  const kept = new Map<string, Remembered>();
  return {
    before: (key, asked, now) => {
      const found = kept.get(key);
      if (!found || found.at < now - LIFE) return undefined;
      if (found.asked === asked) return found;
      const message =
        "Keys for idempotent requests can only be used with the same parameters they were first used with. " +
        `Try using a key other than '${key}' if you meant to execute a different request.`;
      throw new Refusal({ status: 400, message, type: "idempotency_error" });
    },
    keep: (key, asked, { now, ...answer }) => void kept.set(key, { ...answer, asked, at: now }),
  };
}
