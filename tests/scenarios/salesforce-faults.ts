import type { FaultName } from "../../sandbox/salesforce/faults.ts";
import type { SalesforceHouse } from "../support/salesforce-house.ts";

/** A fault of the API and how it is switched on, over an org whose accounts, merges, contacts and orders are read. */
export interface SalesforceFault {
  readonly fault: FaultName;
  /** What happens, for the page. */
  readonly says: string;
  /** Records come by the Bulk API, however few they are. */
  readonly byBulk: boolean;
  /** What must be read of it again by somebody's hand. */
  readonly needsFull?: true;
  /** What a first load finds is what later runs are compared with: it stays so. */
  readonly staysFromFirst?: true;
  on(of: SalesforceHouse): void;
}

const FOREVER = 10_000;
const ACCOUNTS = /FROM Account/;

const rest = (fault: FaultName, says: string, options: object): SalesforceFault => ({
  ...{ fault, says, byBulk: false },
  on: ({ org }) => void org.faults.on(fault, options as never),
});

const bulk = (fault: FaultName, says: string, options: object): SalesforceFault => ({
  ...rest(fault, says, options),
  byBulk: true,
});

/** Reads lack the newest account, which each of them is to bring. */
const lost = (says: string, times: number): SalesforceFault => ({
  ...{ fault: "row_lost", says, byBulk: false },
  on: ({ org }) => {
    const id = String(org.books.rows("Account").findLast((row) => row["IsDeleted"] === false)?.["Id"]);
    org.faults.on("row_lost", { times, match: ACCOUNTS, id });
  },
});

/** Every fault of the API that a run may meet. */
export const SALESFORCE_FAULTS: readonly SalesforceFault[] = [
  rest("rate", "429, three answers", { times: 3 }),
  rest("server_error", "500, three answers", { times: 3 }),
  rest("server_error", "500 for ever", { times: FOREVER, match: "/services/data" }),
  rest("unavailable", "503 with Retry-After", { times: 2, retryAfter: 3 }),
  rest("unavailable", "503 for ever, with a page of HTML", { times: FOREVER, html: true }),
  rest("html_answer", "200 with a page of a proxy", { times: FOREVER, match: /FROM Account/ }),
  rest("timeout", "no answer", { times: 1, match: /FROM Contact/ }),
  rest("connection_reset", "the connection breaks", { times: 2 }),
  rest("cut_body", "the body ends early, by its length", { times: 2, framing: "length" }),
  rest("cut_body", "the body ends early, in chunks", { times: 2, framing: "chunked" }),
  rest("slow_body", "the body comes slowly", { times: 2, pieces: 4, pauseMs: 20 }),
  rest("clock_skew", "Date is two minutes off in one answer", { times: 1, seconds: -120, match: ACCOUNTS }),
  rest("expired_token", "401, the token is taken no more", { times: 1, match: "/services/data" }),
  rest("expired_token", "401, whatever token is sent", { times: FOREVER, match: "/services/data" }),
  rest("request_limit", "403, no requests for a while", { times: 3 }),
  rest("request_limit", "403, no requests are left", { times: FOREVER }),
  rest("limit_share", "others have used most of the day's requests", { times: FOREVER, used: 90_000 }),
  rest("limit_info_missing", "no answer says what is used", { times: FOREVER }),
  rest("forbidden", "403, the user may not query", { times: FOREVER, match: ACCOUNTS }),
  rest("view_all_lost", "the user does not see all data", { times: FOREVER }),
  rest("field_hidden", "a declared field is hidden from the user", { times: FOREVER, object: "Account", field: "Industry" }),
  rest("field_removed", "a declared field is gone", { times: FOREVER, object: "Account", field: "AccountNumber" }),
  rest("field_added", "an object has a field more", { times: FOREVER, object: "Account", field: "Segment__c" }),
  {
    ...rest("field_retyped", "a field has another type", {
      times: FOREVER,
      object: "Account",
      field: "Industry",
      type: "textarea",
    }),
    staysFromFirst: true,
  },
  rest("z_stamps", "instants end in Z", { times: FOREVER }),
  rest("latest_back", "latestDateCovered is an hour back", { times: FOREVER }),
  rest("id_limit", "too many ids in the last minutes, once", { times: 1 }),
  rest("id_limit", "too many ids in the last minutes", { times: FOREVER }),
  lost("a read lacks a record, once", 1),
  lost("each read lacks a record", FOREVER),
  rest("page_changed", "a record changes behind its page", { times: 2, match: ACCOUNTS }),
  { ...rest("deleted_vanish", "reads lack the recycle bin", { times: FOREVER }), needsFull: true },
  bulk("column_order", "pages have their columns in another order", { times: FOREVER }),
  bulk("row_order", "records come in no order", { times: FOREVER }),
  bulk("missing_count", "pages do not say how many records they have", { times: FOREVER }),
  bulk("wrong_count", "a page lacks a record, once", { times: 1 }),
  bulk("wrong_count", "a page lacks a record and says so, once", { times: 1, agree: true }),
  bulk("wrong_count", "pages lack a record and say so", { times: FOREVER, agree: true }),
  bulk("locator_lost", "the place of the next page is not known", { times: 1 }),
  bulk("duplicate_page", "a page comes twice", { times: 1 }),
  bulk("where_ignored", "a job ignores its condition", { times: FOREVER }),
  bulk("job_failed", "a job fails", { times: 1 }),
  bulk("job_failed", "every job fails", { times: FOREVER }),
  bulk("job_gone", "a job is gone", { times: 1 }),
  bulk("job_stuck", "a job does not get on", { times: FOREVER }),
];
