import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { lineageProblems } from "../../src/config/lineage.ts";
import { readModel } from "../../src/config/read-model.ts";
import { Failure, formatProblem, type Problem } from "../../src/kernel/problem.ts";
import { namesMadeOf } from "../../src/sql/select-columns.ts";
import { COMPANY_ENV } from "../support/company-hours.ts";
import { loadPipeline } from "../support/load-pipeline.ts";

interface Edit {
  readonly file: string;
  readonly from: string | RegExp;
  readonly to: string;
}

/** What lint says of `examples/company` after some edits, as one line each, with the names of files alone. */
function lint(...edits: Edit[]): string[] {
  const directory = mkdtempSync(join(tmpdir(), "ledgerloop-lineage-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  cpSync("examples/company", directory, { recursive: true });
  for (const { file, from, to } of edits) {
    const path = join(directory, file);
    const text = readFileSync(path, "utf8");
    const edited = text.replace(from, to);
    if (edited === text) throw new Error(`${file} has no ${from}`);
    writeFileSync(path, edited);
  }
  const line = (p: Problem) => formatProblem(p).replaceAll(`${directory}/`, "").replace("\n  next: ", " > ");
  try {
    return loadPipeline({ directory, env: COMPANY_ENV }).warnings.map((p) => `warning ${line(p)}`);
  } catch (error) {
    if (error instanceof Failure) return error.problems.map(line);
    throw error;
  }
}

const contract = (from: string | RegExp, to: string): Edit => ({ file: "contracts/customer.odcs.yaml", from, to });
const model = (from: string | RegExp, to: string): Edit => ({ file: "models/customer.sql", from, to });
const EMAIL = "[billing.customers.email, stripe.customers.email]";

test.each(["examples/company", "pipeline"])("every column of every model of %s has its lineage, and it is right", (directory) => {
  const { pipeline, warnings } = loadPipeline({ directory, env: COMPANY_ENV });
  const columns = [...pipeline.models.values()].flatMap((one) => one.contract.columns);
  expect(columns.length).toBeGreaterThan(50);
  expect(columns.filter(({ lineage }) => lineage === undefined).map(({ name }) => name)).toEqual([]);
  expect(warnings).toEqual([]);
});

test.each(["examples/company", "examples/stripe", "pipeline", "bench/pipeline", "bench/bad/pipeline"])(
  "what a column of %s is made of can be told, and masks, which go by names, miss none of it",
  (directory) => {
    const { pipeline } = loadPipeline({ directory, env: COMPANY_ENV });
    for (const one of pipeline.models.values()) {
      const name = one.at.file;
      const file = readModel({ file: name, text: readFileSync(name, "utf8") }).model ?? expect.fail();
      // Declared as made of nothing, each column says in its error what it is made of.
      const columns = one.contract.columns.map((column) => ({ ...column, lineage: { of: [], at: column.at } }));
      const found = lineageProblems({ ...pipeline, model: { ...one, contract: { ...one.contract, columns } }, file });
      expect(found.filter(({ severity }) => severity === "warning")).toEqual([]);
      for (const { says } of found) {
        const [, column = "", of = ""] = /^"(\w+)" of \w+ is made of (.*), which/.exec(says) ?? expect.fail(says);
        const names = of.split(", ").map((source) => source.split(".").at(-1) ?? "");
        expect([...namesMadeOf(one.select, new Set(names))], says).toContain(column);
      }
    }
  },
);

test("an entry is a column of an input, and stands once", () => {
  expect(lint(contract(EMAIL, "billing.customers.email"))).toEqual([
    'contracts/customer.odcs.yaml:36:33: "transformSourceObjects" must be a list of columns, [] for none > write a list of columns, [] for none here',
  ]);
  expect(lint(contract(EMAIL, "['']"))).toEqual([expect.stringMatching(/:36:34: .* must be the name of a column > /)]);
  expect(lint(contract(EMAIL, "[billing.custmers.email, stripe.customers.email]"))).toEqual([
    'contracts/customer.odcs.yaml:36:34: "billing.custmers.email" is no column of what the model customer reads > did you mean "billing.customers.email"? write a column of billing.customers, stripe.customers, salesforce.accounts, curated.crosswalk_customer',
  ]);
  expect(lint(contract(EMAIL, "[billing.customers.mail, stripe.customers.email]"))).toEqual([
    expect.stringMatching(
      /^contracts\/customer.odcs.yaml:36:34: there is no column "mail" > did you mean "email"\? columns: id, customer_id/,
    ),
  ]);
  expect(lint(contract(EMAIL, "[billing.customers.email, stripe.customers.email, billing.customers.email]"))).toEqual([
    expect.stringMatching(/:36:83: "billing.customers.email" is named twice > remove it$/),
  ]);
});

test("a column names all that it is made of and nothing else, in the order in which they are asked", () => {
  const right = `write transformSourceObjects: ${EMAIL}`;
  expect(lint(contract(EMAIL, "[billing.customers.email]"))).toEqual([
    `contracts/customer.odcs.yaml:36:9: "email" of customer is made of stripe.customers.email, which its lineage does not name > ${right}`,
  ]);
  expect(lint(contract(EMAIL, `${EMAIL.slice(0, -1)}, salesforce.accounts.name]`))).toEqual([
    `contracts/customer.odcs.yaml:36:83: "email" of customer is not made of salesforce.accounts.name > ${right}`,
  ]);
  const swapped = [
    `contracts/customer.odcs.yaml:36:9: "email" of customer is the first of billing.customers.email, stripe.customers.email that is not NULL, and its lineage has another order > ${right}`,
  ];
  expect(lint(contract(EMAIL, "[stripe.customers.email, billing.customers.email]"))).toEqual(swapped);
  expect(lint(model("coalesce(b.email, s.email)", "coalesce(s.email, b.email)"))).toEqual([
    expect.stringMatching(
      /:36:9: .* and its lineage has another order > write .*\[stripe.customers.email, billing.customers.email\]$/,
    ),
  ]);
});

test("a contract that says it of one column says it of all", () => {
  expect(lint(contract(`        transformSourceObjects: ${EMAIL}\n`, ""))).toEqual([
    `contracts/customer.odcs.yaml:32:9: "email" of customer has no lineage, and other columns of its contract have > add transformSourceObjects: ${EMAIL}`,
  ]);
  const none: Edit = {
    file: "contracts/revenue_month.odcs.yaml",
    from: /[\s\S]*/,
    to: readFileSync("examples/company/contracts/revenue_month.odcs.yaml", "utf8").replaceAll(
      /, transformSourceObjects: \[.*\](?= \})| +transform\w+: .*\n/g,
      "",
    ),
  };
  expect(lint(none)).toEqual([]);
});

test("names are those of the query: WITH that renames, aliases in quotes and upper case, and such as hide relations", () => {
  const inside = "with stripe_customers as (select id, email as mail, customer_ref from staging.stripe_customers)\nselect";
  expect(
    lint(
      model("select", inside),
      model("staging.stripe_customers s on", "stripe_customers s on"),
      model("s.email)", "s.mail) /* a.name */"),
    ),
  ).toEqual([]);
  expect(
    lint(
      model("coalesce(b.email, s.email)", 'COALESCE("B".EMAIL, S."email")'),
      model("billing_customers b", 'billing_customers "B"'),
    ),
  ).toEqual([]);
  expect(lint(model("a.industry", "'a.name' as industry"))).toEqual([
    expect.stringMatching(
      /"industry" of customer is not made of salesforce.accounts.industry > write transformSourceObjects: \[\]$/,
    ),
  ]);
});

test("what cannot be told is warned of, at its place in the query", () => {
  expect(lint(model("  b.country,", "  upper(b.land) as country,"))).toEqual([
    'warning models/customer.sql:18:9: the lineage of "country" of customer cannot be compared with the query, which reads "land", which is no column of b > write it in a form that docs/contracts.md names, or look yourself whether the contract is right',
  ]);
  expect(lint(model("  b.customer_id,", "  b.* exclude (customer_id),"))).toEqual([
    expect.stringMatching(
      /^warning models\/customer.sql:14:3: the lineage of customer cannot be compared with the query, which selects \* in a form that is not looked at > /,
    ),
  ]);
});
