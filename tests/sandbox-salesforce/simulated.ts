import { afterEach } from "vitest";
import { type Salesforce, type SalesforceOptions, startSalesforce } from "../../sandbox/salesforce/start-salesforce.ts";

/** Monday at nine. */
export const NINE = new Date("2026-10-05T09:00:00Z");

const running: Salesforce[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()));
});

/** A simulator that is closed behind the test. */
export async function simulated(options: SalesforceOptions = {}): Promise<Salesforce> {
  const salesforce = await startSalesforce({ now: NINE, ...options });
  running.push(salesforce);
  return salesforce;
}

/** What a token is asked for with. */
export async function tokenOf({ url }: Salesforce, form: Record<string, string>) {
  const response = await fetch(`${url}/services/oauth2/token`, { method: "POST", body: new URLSearchParams(form) });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

/** An answer, its body as text and, where it is JSON, as what that says. */
export interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into what the wire says without declaring all of it first
  readonly json: any;
}

/** Asks for an address of version 66.0, or for one that begins with a slash of its own version. */
export type Ask = (path: string, init?: RequestInit & { version?: string }) => Promise<Told>;

/** Signs in as an app and gives the hand that asks. */
export async function signedIn(salesforce: Salesforce, at = 0): Promise<Ask> {
  const app = salesforce.apps[at];
  const form = { grant_type: "client_credentials", client_id: app?.clientId ?? "", client_secret: app?.secret ?? "" };
  const { body } = await tokenOf(salesforce, form);
  return async (path, { version = "66.0", ...init } = {}) => {
    const headers = { Authorization: `Bearer ${body["access_token"]}`, ...init.headers };
    const response = await fetch(`${salesforce.url}/services/data/v${version}${path}`, { ...init, headers });
    const text = await response.text();
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json") && text !== "";
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
  };
}

/** The address of a query. */
export const soql = (query: string, all = false) => `/query${all ? "All" : ""}?q=${encodeURIComponent(query)}`;

/** Creates a job and asks for it until it is at its end; the last answer. */
export async function job(ask: Ask, query: string, more: Record<string, string> = {}): Promise<Told> {
  const created = await ask("/jobs/query", { method: "POST", body: JSON.stringify({ operation: "query", query, ...more }) });
  if (created.status !== 200) return created;
  for (;;) {
    const told = await ask(`/jobs/query/${created.json.id}`);
    if (told.status !== 200 || !["UploadComplete", "InProgress"].includes(told.json.state)) return told;
  }
}

/** The lines of a page of results, without their quotes. */
export const lines = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => line.slice(1, -1).split('","'));
