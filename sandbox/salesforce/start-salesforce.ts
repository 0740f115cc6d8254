import { seededRandom } from "../random.ts";
import { type Clock, settableClock } from "../simulator/clock.ts";
import { openLog } from "../simulator/requests.ts";
import type { Org } from "./api/asked.ts";
import { noJobs } from "./api/jobs.ts";
import { noCursors } from "./api/query.ts";
import type { LoggedRequest, Requests } from "./api/requests.ts";
import { openSessions } from "./api/sessions.ts";
import { type ConnectedApp, defaultApp } from "./apps.ts";
import { type Books, openBooks } from "./books/books.ts";
import { type Faults, switchboard } from "./faults.ts";
import { type Ids, seededIds, withChecksum } from "./ids.ts";
import { type Limits, limitsOf } from "./limits.ts";
import { openSchema, type Schema } from "./schema/schema.ts";
import { standardObjects } from "./schema/standard.ts";
import { serve } from "./server.ts";
import { emptyStore } from "./store.ts";
import { userMaker } from "./users.ts";

/** What a simulator is started with; what is left out has a value that is always the same. */
export interface SalesforceOptions {
  /** Ids, owners and chances follow from it. */
  readonly seed?: number;
  /** Of the loopback interface; left out, one that is free. */
  readonly port?: number;
  /** 15 or 18 characters that begin with `00D`. */
  readonly orgId?: string;
  /** What the org says its address is, for one that is reached by way of something else; its own where nothing is said. */
  readonly address?: string;
  readonly isSandbox?: boolean;
  /** Currencies of the org, its own among them; null for an org that has only one and no CurrencyIsoCode. */
  readonly currencies?: readonly string[] | null;
  readonly defaultCurrency?: string;
  /** How many of a currency one of the org's own is; 1 for those that are left out. */
  readonly rates?: Readonly<Record<string, string>>;
  /** What the clock shows first. */
  readonly now?: Date;
  /** Since when the org has been there. */
  readonly createdAt?: Date;
  /** Versions of the API, the oldest first. */
  readonly apiVersions?: readonly string[];
  /** Requests of a rolling day. */
  readonly dailyRequests?: number;
  /** How long a token lasts. */
  readonly tokenSeconds?: number;
  /** How many times a job is InProgress when it is asked for, before it is complete. */
  readonly bulkPolls?: number;
  /** How many rows a page of results has where nobody says. */
  readonly bulkPageRows?: number;
  readonly apps?: readonly ConnectedApp[];
  /** What signed assertions may be meant for besides the org's own address, such as `https://login.salesforce.com`. */
  readonly audiences?: readonly string[];
  /** Objects of the org that are left out. */
  readonly without?: readonly string[];
}

/** A running simulator of one org. */
export interface Salesforce {
  /** `http://127.0.0.1:<port>`, the org's own address. */
  readonly url: string;
  readonly orgId: string;
  readonly clock: Clock;
  /** The connected apps; may be added to, changed and taken away. */
  readonly apps: ConnectedApp[];
  /** What happens in the org. */
  readonly books: Books;
  readonly schema: Schema;
  readonly faults: Faults;
  readonly requests: Requests;
  readonly limits: Limits;
  readonly tokens: { expireAll(): void };
  close(): Promise<void>;
}

const RATES: Readonly<Record<string, string>> = { EUR: "1", USD: "1.25", GBP: "0.8", JPY: "160", CHF: "0.95" };

interface Currencies {
  readonly list: readonly string[] | null;
  readonly own: string;
  rate(currency: string): string;
}

function currenciesOf({ currencies = null, defaultCurrency = "EUR", rates = RATES }: SalesforceOptions): Currencies {
  if (currencies && !currencies.includes(defaultCurrency))
    throw new Error(`${defaultCurrency} is not among the org's currencies`);
  return { list: currencies, own: defaultCurrency, rate: (one) => (one === defaultCurrency ? "1" : (rates[one] ?? "1")) };
}

/** The rows that an org has from its first day. */
function furnish(books: Books, org: { id: string; isSandbox: boolean; founded: Date; currencies: Currencies }): void {
  const { list, own, rate } = org.currencies;
  const stamps = { CreatedDate: org.founded, SystemModstamp: org.founded };
  const isKnown = { OrganizationType: "Enterprise Edition", InstanceName: "EU42", DefaultLocaleSidKey: "nl_NL" };
  books.create("Organization", { Id: org.id, Name: "Sandbox B.V.", IsSandbox: org.isSandbox, ...isKnown, ...stamps });
  for (const IsoCode of list ?? []) {
    const DecimalPlaces = IsoCode === "JPY" ? "0" : "2";
    books.create("CurrencyType", {
      ...{ IsoCode, ConversionRate: rate(IsoCode), DecimalPlaces, IsActive: true, IsCorporate: IsoCode === own },
      ...stamps,
    });
  }
}

/** The clock, the ids and all that is written with them. */
function foundation(options: SalesforceOptions) {
  const { seed = 7, now = new Date("2026-10-05T00:00:00Z"), createdAt = new Date("2025-01-01T00:00:00Z") } = options;
  const clock = settableClock(now);
  const currencies = currenciesOf(options);
  const objects = standardObjects(currencies.list).filter(({ name }) => !options.without?.includes(name));
  const { byPrefix, schema: schemaFor } = openSchema(objects, currencies.list);
  const store = emptyStore(byPrefix);
  const schema = schemaFor(store);
  const ids: Ids = seededIds(seededRandom(seed).next);
  const users = userMaker({ store, ids, founded: createdAt });
  const { books, ledger } = openBooks(
    {
      ...{ schema, store, ids },
      now: () => clock.now().getTime(),
      second: () => Math.floor(clock.now().getTime() / 1000) * 1000,
      writer: users.writer,
      owner: users.owner,
      currency: currencies.list ? currencies.own : null,
    },
    createdAt.getTime(),
  );
  return { clock, currencies, store, schema, ids, users, books, ledger, seed, createdAt };
}

/** Starts a simulator. */
export async function startSalesforce(options: SalesforceOptions = {}): Promise<Salesforce> {
  const { clock, currencies, users, ...base } = foundation(options);
  const { books, schema, seed, createdAt } = base;
  const orgId = withChecksum(options.orgId ?? "00D5j0000000001");
  const apps = [...(options.apps ?? [defaultApp()])];
  users.begin(apps.map(({ username }) => username));
  furnish(books, { id: orgId, isSandbox: options.isSandbox ?? true, founded: createdAt, currencies });
  const { log, write } = openLog<LoggedRequest>();
  const { limits, count } = limitsOf(() => clock.now().getTime(), options.dailyRequests ?? 100_000);
  const wireIds = seededIds(seededRandom(seed + 3).next);
  const random = seededRandom(seed + 2);
  const sessions = openSessions({ org: orgId, ids: wireIds, clock, seconds: options.tokenSeconds ?? 7200, apps });
  const faults = switchboard(random);
  let origin = "";
  const org: Org = {
    ...base,
    ...{ id: orgId, clock, random, faults, sessions, limits, count, log: write },
    url: () => origin,
    corporate: currencies.list ? currencies.own : null,
    rate: currencies.rate,
    versions: options.apiVersions ?? ["62.0", "66.0"],
    cursors: noCursors(wireIds),
    jobs: noJobs(wireIds, { polls: options.bulkPolls ?? 1, pageRows: options.bulkPageRows ?? 50_000 }),
  };
  const door = { apps, audiences: options.audiences ?? [], userOf: users.of };
  const { url, close } = await serve(org, door, options.port);
  origin = options.address ?? url;
  const tokens = { expireAll: sessions.expireAll };
  return { ...{ url, orgId, clock, apps, books, schema, faults, limits, tokens, close }, requests: log };
}
