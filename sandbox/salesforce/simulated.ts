import {
  bornBefore,
  type FaultAsked,
  liveUntilShown,
  NotDone,
  newSecret,
  oftenOf,
  type Simulated,
  type SimulatedAs,
  steered,
} from "../simulator/simulated.ts";
import { defaultApp } from "./apps.ts";
import type { FaultName, Faults } from "./faults.ts";
import { seededLife } from "./life/life.ts";
import { HAPPENINGS } from "./life/living.ts";
import { type Salesforce, startSalesforce } from "./start-salesforce.ts";

/** Weeks of life that lie behind the org: so many that accounts and opportunities are more than are asked of REST. */
const WEEKS = 20;

/** The first is the org's own. */
const CURRENCIES = ["EUR", "USD", "GBP", "CHF"];

/** Objects that life brings records of. */
const LIVED = ["Account", "Contact", "Opportunity", "Order", "Usage__c"];

/** Faults whose seconds are theirs; elsewhere they are a time to wait. */
const WITH_SECONDS: ReadonlySet<string> = new Set<FaultName>(["clock_skew", "latest_back"]);

/** What a fault takes, under the names that the simulator has for it. */
function optionsOf({ name, more }: FaultAsked): Readonly<Record<string, unknown>> {
  const { seconds, ...others } = more;
  if (seconds === undefined || WITH_SECONDS.has(name)) return more;
  return { ...others, ...(name === "slow_body" ? { pauseMs: Number(seconds) * 1000 } : { retryAfter: seconds }) };
}

/** What the requests of one object have in their path or in their SOQL. */
function ofObject(name: string, match: string | null): RegExp {
  const begins = match === null ? "" : `^${match.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}`;
  return new RegExp(`${begins}.*(?:/sobjects/${name}\\b|\\bFROM ${name}\\b)`, "is");
}

/** The object that a fault is about. One of its fields, or one of its records, is met by no request but those about it. */
function objectOf({ schema }: Salesforce, { about, more }: FaultAsked): string | undefined {
  const { id, object } = more;
  const prefix = typeof id === "string" ? id.slice(0, 3) : null;
  const ofRecord = schema.objects().find(({ keyPrefix }) => keyPrefix === prefix)?.name;
  return about ?? (typeof object === "string" ? object : ofRecord);
}

function expectThere({ schema, books }: Salesforce, { name, about, more }: FaultAsked): void {
  const { id, field, object } = more;
  const objects = schema.objects();
  const unknown = [about, object].find((one) => typeof one === "string" && !objects.some((known) => known.name === one));
  if (unknown) throw new NotDone(`the org has no object ${unknown}; it has ${objects.map((one) => one.name).join(", ")}`);
  if (id !== undefined && !books.find(String(id))) throw new NotDone(`the org has no record ${id}`);
  if (field === undefined || name === "field_added") return;
  const meant = objects.filter((one) => object === undefined || one.name === object);
  if (meant.some(({ fields }) => fields.some((one) => one.name === field))) return;
  throw new NotDone(`${object === undefined ? "no object of the org" : `no record of ${object}`} has a field ${field}`);
}

function switchOn(org: Salesforce, asked: FaultAsked) {
  expectThere(org, asked);
  const object = objectOf(org, asked);
  const match = object === undefined ? (asked.match ?? undefined) : ofObject(object, asked.match);
  const where = { ...(match === undefined ? {} : { match }), ...oftenOf(asked) };
  return org.faults.on(asked.name as FaultName, { ...where, ...optionsOf(asked) } as Parameters<Faults["on"]>[1]);
}

/** Starts an org of several currencies with some weeks of life in it. */
export async function startSimulated({ seed, port }: SimulatedAs): Promise<Simulated> {
  const app = { ...defaultApp(), secret: newSecret() };
  const orgId = `00D5j${String(seed).padStart(10, "0")}`;
  const salesforce = await startSalesforce({ seed, port, orgId, now: bornBefore(WEEKS), currencies: CURRENCIES, apps: [app] });
  const { books, clock, faults, requests, url } = salesforce;
  const life = seededLife(salesforce, seed);
  liveUntilShown(life, WEEKS);
  const countOf = (object: string) => books.rows(object).filter((row) => row["IsDeleted"] !== true).length;
  return steered({
    ...{ url, account: salesforce.orgId, seed, clock, life, requests },
    env: { SALESFORCE_URL: url, SALESFORCE_CLIENT_ID: app.clientId, SALESFORCE_CLIENT_SECRET: app.secret },
    happenings: HAPPENINGS,
    objects: () => LIVED.map((kind) => ({ kind, objects: countOf(kind) })),
    switchOn: (asked) => switchOn(salesforce, asked),
    switchOff: (name) => faults.off(...(name === null ? [] : [name as FaultName])),
    close: salesforce.close,
  });
}
