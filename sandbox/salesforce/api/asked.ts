import type { Random } from "../../random.ts";
import type { Clock } from "../../simulator/clock.ts";
import type { ConnectedApp } from "../apps.ts";
import type { Books, Ledger } from "../books/books.ts";
import type { Faults, Shape, Strike } from "../faults.ts";
import type { Ids } from "../ids.ts";
import type { Limits } from "../limits.ts";
import type { Schema } from "../schema/schema.ts";
import type { Viewed } from "../see.ts";
import type { Sight } from "../sight.ts";
import type { Jobs } from "./jobs.ts";
import type { Cursors } from "./query.ts";
import type { LoggedRequest } from "./requests.ts";
import type { Sessions } from "./sessions.ts";

/** What an org is and has, as requests are answered from it. */
export interface Org extends Viewed {
  readonly id: string;
  /** The simulator's own origin, once it is known. */
  readonly url: () => string;
  readonly schema: Schema;
  readonly books: Books;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: Ids;
  readonly limits: Limits;
  readonly count: () => void;
  readonly faults: Faults;
  readonly versions: readonly string[];
  readonly sessions: Sessions;
  readonly cursors: Cursors;
  readonly jobs: Jobs;
  readonly log: (request: LoggedRequest) => void;
}

/** A request for data, by a user who is signed in. */
export interface Asked {
  readonly org: Org;
  readonly version: string;
  readonly app: ConnectedApp;
  readonly sight: Sight;
  readonly strikes: readonly Strike[];
  readonly params: URLSearchParams;
  readonly body: string;
  /** What the address's pattern found in it. */
  readonly parts: readonly string[];
  header(name: string): string | undefined;
}

/** An answer: JSON, or pieces of a text that is never held as a whole. */
export interface Answer {
  readonly status: number;
  readonly body: string | Iterable<string>;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Ids of the rows that it shows. */
  readonly shown?: readonly string[];
}

/** An address, and who answers there. */
export interface Route {
  readonly method: string;
  /** Of what stands behind the version. */
  readonly path: RegExp;
  readonly shape: Shape;
  answer(asked: Asked): Answer;
}

/** 200 with something as JSON. */
export function okay(value: unknown): Answer {
  return { status: 200, body: JSON.stringify(value) };
}

/** An instant as REST writes it. */
export function restInstant(at: number): string {
  return new Date(at).toISOString().replace("Z", "+0000");
}
