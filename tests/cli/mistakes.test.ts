import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createApp } from "../../src/app/app.ts";
import { cliReference } from "../../src/cli/reference.ts";
import { ledgerloop } from "./small-run.ts";

test.each([
  [["rnu"], "Did you mean run?"],
  [["contract", "lnit"], "Did you mean lint?"],
  [["quarantine", "lst"], "Did you mean list?"],
  [["run", "--windo", "x"], "Did you mean --window?"],
  [["warehouse", "ddl", "--dialct", "duckdb"], "Did you mean --dialect?"],
  [["warehouse", "ddl", "--dialect", "duck"], "Allowed choices are duckdb, snowflake."],
  [["run", "--log", "fancy"], "Allowed choices are tty, plain, json."],
  [["run", "--window", "2026-11-02/2026-11-03"], "is not a UTC instant"],
  [["run", "--group", "compny"], 'did you mean "company"?'],
  [["run", "--feeds", "billing.invoice"], 'did you mean "billing.invoices"?'],
  [["plan", "--feeds", "billing.custmers"], 'did you mean "billing.customers"?'],
  [["runs", "--group", "compny"], 'did you mean "company"?'],
  [["runs", "--limit", "0"], "a whole number from 1 to 1000"],
  [["rules", "--feed", "invoic"], 'did you mean "invoice"?'],
  [["contract", "show", "billing.invoces"], 'did you mean "billing.invoices"?'],
  [["contract", "diff", "nowhere.yaml", "nowhere.yaml"], "nowhere.yaml cannot be read"],
  [["quarantine", "list", "--feed", "billing.paymnts"], 'did you mean "billing.payments"?'],
  [["quarantine", "show"], "either a row id or --feed"],
  [["status", "--env", "locl"], 'did you mean "local"?'],
  [["status", "--pipeline", "docs"], "there is no pipeline.yaml in docs"],
  [["demo", "--hours", "3"], "at least 9 hours"],
  [["demo", "--state", "docs"], "docs is not empty"],
  [["sandbox", "strt"], "Did you mean start?"],
  [["sandbox", "start", "--port", "99999"], "a whole number from 1 to 65535"],
  [["sandbox", "advance", "0"], "a whole number from 1 to 720"],
  [["sandbox", "start", "salesfroce"], 'did you mean "salesforce"?'],
  [["sandbox", "stop", "--system", "stipe"], "--system salesforce"],
  [["sandbox", "advance", "--state", "nowhere"], "no simulator runs here"],
  [["sandbox", "advance", "--system", "salesforce", "--state", "nowhere"], "no simulator of Salesforce runs here"],
  [["sandbox", "fault", "unavailble"], 'did you mean "unavailable"?'],
  [["sandbox", "fault", "unavailable", "--match", "invoices"], "--match /v1/invoices"],
  [["sandbox", "fault", "unavailable", "--id", "cus_1"], "it takes --html"],
  [["sandbox", "fault", "field_removed"], "is nothing without --field"],
  [["sandbox", "fault", "--times", "2"], "--times is said of no fault"],
  [["sandbox", "fault", "unavailable", "--times", "0"], "a whole number from 1 to 1000000"],
  [["sandbox", "fault", "unavailable", "--state", "nowhere"], "no simulator runs here"],
  [["sandbox", "fault", "view_all_lots", "--state", "nowhere"], 'did you mean "view_all_lost"?'],
  [["sandbox", "fault", "job_stuck", "--match", "/v1/x", "--state", "nowhere"], "--match /services/data/v66.0/query"],
  [["sandbox", "fault", "unavailable", "--about", "Account", "--state", "nowhere"], "--about is for objects of Salesforce"],
  [["sandbox", "fault", "field_added", "--system", "salesforce"], "sandbox fault field_added --system salesforce --object …"],
  [["query", "drop table curated.invoice"], "does not start with SELECT"],
  [["query", "select 1; select 2"], "must be one statement"],
] as const)("%j says %j, exits 2 and prints no answer", async (args, says) => {
  const { code, out, err } = await ledgerloop(args);
  expect(err).toContain(says);
  expect(code).toBe(2);
  expect(out).toBe("");
});

test("every command has help with two examples, and they parse as its own options", async () => {
  const reference = readFileSync("docs/cli.md", "utf8");
  const sections = reference.split(/^## ledgerloop /m).slice(1);
  expect(sections.length).toBeGreaterThanOrEqual(18);
  for (const section of sections) {
    const name = section.split("\n")[0] ?? "";
    expect(section, name).toMatch(/Examples:\n {2}\$ ledgerloop .+\n {2}\$ ledgerloop .+\n/);
    // Files are judged, and the sandbox is steered, without a pipeline.
    const isFree = name === "check" || name.startsWith("sandbox ");
    const common = isFree ? ["--json"] : ["--pipeline <dir>", "--env <name>", "--json"];
    for (const option of common) expect(section, name).toContain(option);
    expect((await ledgerloop([...name.split(" "), "--help"])).code).toBe(0);
  }
});

test("docs/cli.md is what the program says", () => {
  expect(readFileSync("docs/cli.md", "utf8")).toBe(cliReference(createApp({})));
});
