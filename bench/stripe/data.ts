import { createWriteStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { parseContract } from "../../src/contract/parse-contract.ts";
import { cellSpecs } from "../../src/sources/pages/cells.ts";
import { type PagePacks, pagePacks } from "../../src/sources/pages/page-packs.ts";
import type { PagesParameters } from "../../src/sources/pages/pages-deriver.ts";

const CONTRACT = join(import.meta.dirname, "../../examples/stripe/contracts/stripe.charges.odcs.yaml");

/** The columns of the example's charges, and how they are found. */
export function parametersOf(): PagesParameters {
  const { contract, problems } = parseContract({ file: CONTRACT, text: readFileSync(CONTRACT, "utf8") });
  if (!contract) throw new Error(problems.map(({ says }) => says).join("; "));
  return {
    columns: ["_position", "_fault", "_payload", "_unconverted", ...contract.columns.map(({ name }) => name)],
    cells: cellSpecs(contract.columns),
    routes: [{ request: "^/v1/charges", list: "/data", inside: null, scope: null }],
    key: "id",
    id: "/id",
    deleted: "/deleted",
    dropped: [],
    overruled: [],
    deletes: [],
    emptied: null,
  };
}

const text = (n: number, length: number) =>
  (BigInt(n + 1) * 6364136223846793005n).toString(36).padStart(length, "x").slice(0, length);

/** A charge with the members that the API gives, most of them empty, as in life. */
function charge(n: number) {
  const amount = 500 + ((n * 7919) % 90_000);
  return {
    id: `ch_3${text(n, 23)}`,
    object: "charge",
    amount,
    amount_captured: amount,
    amount_refunded: n % 40 === 0 ? amount : 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: `txn_3${text(n + 1, 23)}`,
    billing_details: {
      address: { city: "Utrecht", country: "NL", line1: `Straat ${n % 300}`, line2: null, postal_code: "3511 AA", state: null },
      email: `${text(n, 9)}@example.com`,
      name: `Customer ${n % 9000}`,
      phone: null,
      tax_id: null,
    },
    calculated_statement_descriptor: "LEDGERLOOP",
    captured: true,
    created: 1_700_000_000 + n,
    currency: ["eur", "usd", "isk", "jpy"][n % 4],
    customer: `cus_${text(n % 9000, 14)}`,
    description: n % 3 === 0 ? `Subscription "Team", seat ${n % 97}` : "Subscription update",
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: {},
    livemode: false,
    metadata: { crm: text(n, 8), order: String(n) },
    on_behalf_of: null,
    outcome: {
      advice_code: null,
      network_status: "approved_by_network",
      reason: null,
      risk_level: "normal",
      risk_score: n % 70,
      seller_message: "Payment complete.",
      type: "authorized",
    },
    paid: true,
    payment_intent: `pi_3${text(n + 2, 23)}`,
    payment_method: `pm_1${text(n + 3, 23)}`,
    payment_method_details: {
      card: {
        amount_authorized: amount,
        brand: "visa",
        checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" },
        country: "US",
        exp_month: 8,
        exp_year: 2029,
        fingerprint: text(n % 9000, 16),
        funding: "credit",
        last4: String(1000 + (n % 9000)),
        network: "visa",
        three_d_secure: null,
        wallet: null,
      },
      type: "card",
    },
    receipt_email: null,
    receipt_number: null,
    receipt_url: `https://pay.stripe.com/receipts/payment/${text(n, 40)}`,
    refunded: n % 40 === 0,
    review: null,
    shipping: null,
    statement_descriptor: null,
    status: "succeeded",
    transfer_data: null,
    transfer_group: null,
  };
}

async function addPages(packs: PagePacks, objects: number): Promise<void> {
  for (let first = 0; first < objects; first += 100) {
    const data = Array.from({ length: Math.min(100, objects - first) }, (_, i) => charge(first + i));
    const body = Buffer.from(JSON.stringify({ object: "list", data, has_more: true, url: "/v1/charges" }, null, 2));
    const headers = { "content-type": "application/json", "request-id": `req_${first}`, "stripe-version": "2026-08-26.dahlia" };
    await packs.add({
      url: `https://api.stripe.com/v1/charges?limit=100&p=${first}`,
      status: 200,
      headers,
      date: "2026-10-05T12:00:00Z",
      body,
    });
  }
}

/** Packs pages with so many charges into a folder. @returns the files' names, and the bytes of all answers. */
export async function writePages(folder: string, objects: number): Promise<{ files: readonly string[]; bytes: number }> {
  const sink = async (name: string, bytes: AsyncIterable<Uint8Array>) => {
    await pipeline(bytes, createWriteStream(join(folder, name)));
    return { name, key: name, bytes: 0, sha256: "" };
  };
  const packs = pagePacks(sink, { name: "charges", headers: { requestId: "request-id", version: "stripe-version" } });
  await addPages(packs, objects);
  const evidence = await packs.close();
  return { files: evidence.map(({ name }) => name).filter((name) => name.endsWith(".warc.gz")), bytes: packs.bytes() };
}
