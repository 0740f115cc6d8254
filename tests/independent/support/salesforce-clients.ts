import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { defaultApp } from "../../../sandbox/salesforce/apps.ts";
import { type Salesforce, type SalesforceOptions, startSalesforce } from "../../../sandbox/salesforce/start-salesforce.ts";
import { given } from "./server-process.ts";

/** A record as a client hands it on. */
export type Got = Readonly<Record<string, unknown>>;

/** A client that others wrote in JavaScript, as far as tests use it. */
export interface JsForce {
  readonly accessToken: string;
  readonly limitInfo: { readonly apiUsage?: { readonly used: number; readonly limit: number } };
  authorize(params: Readonly<Record<string, string>>): Promise<{ id: string; organizationId: string }>;
  describe(object: string): Promise<{ readonly fields: readonly { name: string; type: string; precision: number }[] }>;
  describeGlobal(): Promise<{ readonly sobjects: readonly { name: string }[] }>;
  identity(): Promise<{ readonly username: string }>;
  query(
    soql: string,
    options?: { autoFetch?: boolean; maxFetch?: number; scanAll?: boolean },
  ): Promise<{ readonly records: readonly Got[]; readonly totalSize: number; readonly done: boolean }>;
  request<T>(path: string): Promise<T>;
  sobject(name: string): {
    create(fields: Got): Promise<{ readonly id: string; readonly success: boolean }>;
    retrieve(id: string): Promise<Got>;
    update(fields: Got): Promise<unknown>;
    destroy(id: string): Promise<unknown>;
    updated(start: string, end: string): Promise<{ readonly ids: readonly string[]; readonly latestDateCovered: string }>;
    deleted(start: string, end: string): Promise<{ readonly deletedRecords: readonly { id: string; deletedDate: string }[] }>;
  };
}

/** A job of that client. */
export interface JsForceJob {
  readonly id: string;
  open(): Promise<Got>;
  poll(interval: number, timeout: number): Promise<void>;
  check(): Promise<Got>;
  abort(): Promise<Got>;
  delete(): Promise<void>;
}

interface JsForceModule {
  readonly Connection: new (options: object) => JsForce;
}

interface Bulk2Module {
  readonly QueryJobV2: new (connection: JsForce, options: object) => JsForceJob;
}

const load = <T>(name: string) => createRequire(join(given("LEDGERLOOP_TEST_JSFORCE"), "package.json"))(name) as T;

/** A connection that is not signed in. */
export function jsforce({ url, apps }: Salesforce): JsForce {
  const { Connection } = load<JsForceModule>("jsforce");
  const oauth2 = { clientId: apps[0]?.clientId, clientSecret: apps[0]?.secret, loginUrl: url };
  return new Connection({ loginUrl: url, instanceUrl: url, version: "66.0", oauth2 });
}

/** A job of a connection that is signed in. */
export function jsforceJob(connection: JsForce, operation: "query" | "queryAll", query: string): JsForceJob {
  const { QueryJobV2 } = load<Bulk2Module>("jsforce/lib/api/bulk2");
  return new QueryJobV2(connection, {
    bodyParams: { operation, query },
    pollingOptions: { pollInterval: 1, pollTimeout: 60_000 },
  });
}

/** The audience that simple-salesforce signs for; it knows hosts of the service only. */
const DOMAIN = "sandbox.my";

/** An org for clients that read the real clock: its own shows the same. */
export function orgOfNow(options: SalesforceOptions = {}): Promise<Salesforce> {
  const apps = [{ ...defaultApp(), ...options.apps?.[0] }];
  return startSalesforce({ now: new Date(), audiences: [`https://${DOMAIN}.salesforce.com`], ...options, apps });
}

/** How simple-salesforce signs in. */
export function credentials({ apps }: Salesforce, privateKey?: string): Got {
  const [app = defaultApp()] = apps;
  const key = { domain: DOMAIN, consumer_key: app.clientId };
  if (privateKey === undefined) return { ...key, consumer_secret: app.secret };
  return { ...key, username: app.username, privatekey: privateKey };
}

/** Lets simple-salesforce sign in and ask; its answers in the order of the asks. @throws what it printed. */
export async function simpleSalesforce(
  { url }: Salesforce,
  login: Got,
  asks: readonly Got[],
  // biome-ignore lint/suspicious/noExplicitAny: each ask has an answer of its own shape
): Promise<any[]> {
  const script = join(import.meta.dirname, "../salesforce-clients/asks.py");
  const child = spawn(given("LEDGERLOOP_TEST_SIMPLE_SALESFORCE"), [script], { stdio: ["pipe", "pipe", "pipe"] });
  const said = { out: "", err: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    said.out += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    said.err += chunk.toString();
  });
  child.stdin.end(JSON.stringify({ url, version: "66.0", login, asks }));
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (code !== 0) throw new Error(`simple-salesforce ended with ${code}:\n${said.err}`);
  return JSON.parse(said.out) as unknown[];
}
