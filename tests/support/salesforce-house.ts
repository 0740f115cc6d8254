import { join } from "node:path";
import { type Salesforce, type SalesforceOptions, startSalesforce } from "../../sandbox/salesforce/start-salesforce.ts";
import { loadPipeline } from "../../src/config/load.ts";
import type { Pipeline } from "../../src/config/pipeline.ts";
import { csvKind } from "../../src/sources/csv/csv-kind.ts";
import { postgresKind } from "../../src/sources/postgres/postgres-kind.ts";
import type { SalesforceTools } from "../../src/sources/salesforce/api.ts";
import { type SalesforceSettings, salesforceKind, salesforceSettings } from "../../src/sources/salesforce/salesforce-kind.ts";
import { salesforceReader } from "../../src/sources/salesforce/salesforce-reader.ts";
import type { SourceReader } from "../../src/sources/source.ts";
import { stripeKind } from "../../src/sources/stripe/stripe-kind.ts";
import { openSourceless, type SourcelessHouse } from "./engine.ts";
import { fakeTimer } from "./fake-timer.ts";

/** The example pipeline: accounts, merges, contacts, opportunities, orders. */
export const SALESFORCE_EXAMPLE = join(import.meta.dirname, "../../examples/salesforce");

/** The first instant of the org's clock. */
export const BEGAN = new Date("2026-10-05T12:00:00Z");

export const CURRENCIES = ["EUR", "USD", "JPY"];

/** A LedgerLoop whose source is an org of a simulator. */
export interface SalesforceHouse extends AsyncDisposable {
  readonly org: Salesforce;
  readonly house: SourcelessHouse;
  /** Moves the org's clock. */
  pass(seconds: number): void;
}

/** How the house differs from a usual one. */
export interface SalesforceFurnishing {
  readonly org?: SalesforceOptions;
  /** Changes the checked pipeline. */
  readonly adjust?: (pipeline: Pipeline) => Pipeline;
  readonly env?: Readonly<Record<string, string>>;
  readonly directory?: string;
  /** Milliseconds after which an answer that does not come counts as none: long, since a busy machine is no fault. */
  readonly silenceMs?: number;
  /** The gates are those of the pipeline's file. */
  readonly isStrict?: true;
  /** Records on a page of a job, so that few of them make several. */
  readonly pages?: SalesforceTools["pages"];
}

/** The example with fewer feeds. */
export const only =
  (...names: string[]) =>
  (pipeline: Pipeline): Pipeline => {
    const ids = names.map((name) => `salesforce.${name}`);
    return {
      ...pipeline,
      feeds: new Map([...pipeline.feeds].filter(([id]) => ids.includes(id))),
      groups: new Map(
        [...pipeline.groups].map(([name, group]) => [name, { ...group, feeds: group.feeds.filter((id) => ids.includes(id)) }]),
      ),
    };
  };

/** The source of a pipeline with other settings. */
export const withSettings =
  (more: Partial<SalesforceSettings>) =>
  (pipeline: Pipeline): Pipeline => ({
    ...pipeline,
    sources: new Map(
      [...pipeline.sources].map(([id, source]) => [id, { ...source, settings: { ...salesforceSettings(source), ...more } }]),
    ),
  });

/** A few records stand for many: one that goes is no alarm. */
const lenient = (pipeline: Pipeline): Pipeline => ({
  ...pipeline,
  groups: new Map([...pipeline.groups].map(([name, group]) => [name, { ...group, gates: { ...group.gates, vanishedShare: 1 } }])),
});

const asItIs = (pipeline: Pipeline) => pipeline;

const KINDS = [postgresKind, csvKind, stripeKind, salesforceKind];

/** Waits before a repetition are over at once, and so is the time until a job is looked at again. */
function quickReader(
  env: Readonly<Record<string, string>>,
  { pages, silenceMs = 30_000 }: Pick<SalesforceFurnishing, "pages" | "silenceMs">,
): SourceReader {
  const limits = { silenceMs, requestMs: 120_000 };
  const reader = salesforceReader({ random: Math.random, env, limits, ...(pages && { pages }) });
  return { ...reader, extract: (request) => reader.extract({ ...request, timer: fakeTimer() }) };
}

/** What a login of the simulator's first app takes. */
export function loginOf({ url, apps }: Salesforce): Record<string, string> {
  const [app] = apps;
  return { SALESFORCE_URL: url, SALESFORCE_CLIENT_ID: app?.clientId ?? "", SALESFORCE_CLIENT_SECRET: app?.secret ?? "" };
}

/** Opens a house over an org that has no records at first. */
export async function openSalesforceHouse(of: SalesforceFurnishing = {}): Promise<SalesforceHouse> {
  const { adjust = asItIs, directory = SALESFORCE_EXAMPLE, isStrict } = of;
  const org = await startSalesforce({ now: BEGAN, currencies: CURRENCIES, ...of.org });
  const env = { ...loginOf(org), ...of.env };
  const house = await openSourceless({
    env,
    load: (all) => adjust((isStrict ? asItIs : lenient)(loadPipeline({ kinds: KINDS, directory, env: all }).pipeline)),
    readerOf: async () => quickReader(env, of),
  });
  return {
    org,
    house,
    pass: (seconds) => org.clock.set(new Date(org.clock.now().getTime() + seconds * 1000)),
    [Symbol.asyncDispose]: async () => {
      await house[Symbol.asyncDispose]();
      await org.close();
    },
  };
}

/** A house of which accounts alone are read. */
export const openAccounts = (more: SalesforceFurnishing = {}) => openSalesforceHouse({ adjust: only("accounts"), ...more });

/** So many accounts at once, with amounts of every size. */
export function fillAccounts({ org, pass }: SalesforceHouse, count: number): string[] {
  const ids = org.books.createMany("Account", count, (n) => ({
    Name: n % 7 === 0 ? `"${n}", a name\nof two lines` : `account ${n}`,
    AnnualRevenue: n % 5 === 0 ? null : `${n}${"0".repeat(n % 12)}`,
    CurrencyIsoCode: ["EUR", "USD", "JPY"][n % 3],
  }));
  pass(3_600);
  return ids;
}
