import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Contract } from "../../src/contract/contract.ts";
import { parseContract } from "../../src/contract/parse-contract.ts";
import { ruleDocument } from "../../src/documents/rule.ts";
import { formatProblem } from "../../src/kernel/problem.ts";

const page = readFileSync("docs/contracts.md", "utf8");

/** A whole document as it stands; a list of properties inside the smallest document that can hold it. */
function asDocument(yaml: string): string {
  if (!yaml.startsWith("- ")) return yaml;
  const properties = yaml.replace(/^(?=.)/gm, "      ");
  return `apiVersion: v3.1.0
kind: DataContract
id: example
version: 1.0.0
status: active
team: { name: team }
schema:
  - name: example
    properties:
${properties}`;
}

const examples = page.split(/^##+ /m).flatMap((section) =>
  [...section.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => ({
    title: section.split("\n")[0] ?? "",
    yaml: match[1] ?? "",
  })),
);

const parsed = examples.map(({ title, yaml }) => ({
  title,
  yaml,
  ...parseContract({ file: "docs/contracts.md", text: asDocument(yaml) }),
}));

describe("docs/contracts.md", () => {
  test.each(parsed)("$title", ({ title, yaml, contract, problems }) => {
    expect(problems.map(formatProblem)).toEqual([]);
    const kind = title.split(" ")[0] ?? "";
    const known = contract?.rules.map((rule) => rule.kind as string) ?? [];
    if (/^[a-z_]+$/.test(kind)) expect(known).toContain(kind);
    for (const [, id] of yaml.matchAll(/# ([a-z_]+\.[a-z_]+)/g)) expect(contract?.rules.map((rule) => rule.id)).toContain(id);
  });

  test("has an example of every kind of rule", () => {
    const kinds = new Set(parsed.flatMap((example) => example.contract?.rules.map((rule) => rule.kind) ?? []));
    const all: Contract["rules"][number]["kind"][] = [
      "type",
      "required",
      "length",
      "pattern",
      "accepted",
      "range",
      "expression",
      "immutable",
      "unique",
      "foreign_key",
      "functional_dependency",
      "row_count",
      "sum_equals",
      "sql",
      "metric",
      "ties",
    ];
    expect([...kinds].sort()).toEqual(all.sort());
  });

  test("its dependencies are shown with both sides", () => {
    const rules = parsed.flatMap((p) => p.contract?.rules ?? []).filter(({ kind }) => kind === "functional_dependency");
    expect(rules.map((rule) => ruleDocument(rule).says)).toEqual([
      "zip -> city",
      "bank_code, branch_code -> street, town, by majority",
    ]);
  });

  test("says what severities become", () => {
    const rule = (id: string) => parsed.flatMap((p) => p.contract?.rules ?? []).find((r) => r.id === id);
    expect(rule("status.accepted")).toMatchObject({ severity: "quarantine", nulls: "pass" });
    expect(rule("plan.accepted")).toMatchObject({ severity: "quarantine", nulls: "fail" });
    expect(rule("gross_is_net_and_tax")).toMatchObject({ severity: "block" });
    expect(rule("few_delinquent")).toMatchObject({ severity: "block" });
    expect(rule("some_rows")).toMatchObject({ severity: "warn" });
    expect(rule("legal_name.required")).toMatchObject({ severity: "warn", nulls: "fail" });
    expect(rule("zip_city.functional_dependency")).toMatchObject({ severity: "quarantine", majority: false });
    expect(rule("one_office_one_address")).toMatchObject({ determinants: ["bank_code", "branch_code"], majority: true });
    expect(rule("customer_id.foreign_key")).toMatchObject({ action: "hold", holdHours: 48 });
  });
});
