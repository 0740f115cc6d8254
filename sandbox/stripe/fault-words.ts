import { type FaultWords, fault } from "../simulator/fault-words.ts";
import type { FaultName } from "./faults.ts";

/** Every fault in a phrase, and what it takes. */
export const FAULT_WORDS: Readonly<Record<FaultName, FaultWords>> = {
  rate_limited_burst: fault("429, too many requests; with --seconds it says how long to wait", ["seconds"]),
  lock_timeout: fault("429, something else holds the object"),
  conflict: fault("409, another request changes the object"),
  server_error: fault("500; with --html as a page of HTML", ["html"]),
  unavailable: fault("503; with --html as a page of HTML", ["html"]),
  unavailable_retry_after: fault("503 that says to wait: 2 seconds, or --seconds", ["seconds"]),
  html_answer: fault("a page of HTML that says 200"),
  timeout: fault("no answer at all, until the client goes"),
  connection_reset: fault("the connection is torn down instead of an answer"),
  cut_body: fault("the connection ends inside the body, after a half or the share --keep", ["keep"]),
  slow_body: fault("the body comes in pieces, with --seconds between them", ["seconds"]),
  duplicate_page: fault("a second page is the first one once more: first loads and --full"),
  page_changed: fault("an object changes without an event, right behind the page that showed it"),
  vanished_cursor: fault("400, the object is gone that a second page begins behind: first loads and --full"),
  expired_key: fault("401, the key has expired"),
  wrong_count: fault("a page silently lacks an object, or --missing of them", ["missing"]),
  clock_skew: fault("the header Date is off by --seconds, which may be negative", ["seconds"], ["seconds"]),
  field_added: fault("objects have a field more; an existing --field gets --value", ["field", "value", "object"]),
  field_removed: fault("objects lack --field", ["field", "object"], ["field"]),
  field_retyped: fault("--field has another type: a number is a text, a text an object", ["field", "object"], ["field"]),
  object_forbidden: fault("403 for an object that is asked for by its id; --id for that one only", ["id"]),
  not_found_then_back: fault("404 for an object that is asked for by its id; --id for that one only", ["id"]),
};
