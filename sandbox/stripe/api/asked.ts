import type { Books } from "../books/books.ts";
import type { JsonObject } from "../json.ts";
import type { Render, View } from "../render.ts";
import type { Store } from "../store.ts";
import type { Settings } from "../writing.ts";
import type { Params } from "./form.ts";

/** How the list of events differs from the order in which they were written. */
export interface EventOrder {
  /** Share of events that stand in the list twice, in [0, 1]. */
  duplicates: number;
  /** Events of one second stand in an order that says nothing. */
  shuffled: boolean;
}

/** The account that requests are answered from. */
export interface Account {
  readonly store: Store;
  readonly render: Render;
  readonly settings: Settings;
  readonly books: Books;
  readonly events: EventOrder;
  readonly seed: number;
}

/** A request whose key and version are known. */
export interface Asked {
  readonly account: Account;
  readonly path: string;
  readonly params: Params;
  readonly view: View;
  /** Gives the page before once more. */
  readonly again: boolean;
  /** The request as events name it. */
  readonly request: JsonObject;
}

/** One address of the API. */
export interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  /** Parts of the path after `/v1/`; `:id` stands for any id. */
  readonly path: string;
  readonly shape: "list" | "one" | "other";
  /** Versions before 2025-03-31 do not know it. */
  readonly newer?: boolean;
  readonly answer: (asked: Asked, id: string) => JsonObject;
}
