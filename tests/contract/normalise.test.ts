import { describe, expect, test } from "vitest";
import { withSourceKey } from "../../src/config/link-feeds.ts";
import { diffContracts } from "../../src/contract/diff.ts";
import { parseContract } from "../../src/contract/parse-contract.ts";
import { reasonWords } from "../../src/documents/reason-words.ts";
import { ruleDocument } from "../../src/documents/rule.ts";
import { formatProblem } from "../../src/kernel/problem.ts";
import { loadPipeline } from "../support/load-pipeline.ts";
import { contractOf, contractText, ruleOf } from "./contract-text.ts";

const ID = "{ name: id, logicalType: string, primaryKey: true, required: true }";
const rule = (rest: string, head = ""): string =>
  `- { ${head}type: custom, engine: ledgerloop, implementation: { rule: unique, ${rest} } }`;
const onColumn = (implementation: string, type = "string"): string =>
  `{ name: a, logicalType: ${type}, quality: [{ type: custom, engine: ledgerloop, implementation: { rule: unique, ${implementation} } }] }`;

function problemsOf(properties: readonly string[], object: readonly string[] = []): string {
  const { problems } = parseContract({ file: "c", text: contractText(properties, object) });
  return problems.map(formatProblem).join("\n");
}

describe("normalise of a unique rule", () => {
  test("has one order and one fingerprint, whatever is written", () => {
    const a = contractOf([ID, onColumn("normalise: [leading_zeros, trim, nfc, trim]")]);
    const b = contractOf([ID, onColumn("normalise: [nfc, trim, leading_zeros]")]);
    const of = { forms: ["nfc", "trim", "leading_zeros"], texts: ["a"] };
    expect(ruleOf(a, "a.unique_normalised")).toMatchObject({ kind: "unique", columns: ["a"], normalise: of });
    expect(a.rules.at(-1)?.fingerprint).toBe(b.rules.at(-1)?.fingerprint);
    const other = contractOf([ID, onColumn("normalise: [nfc, trim]")]);
    expect(other.rules.at(-1)?.fingerprint).not.toBe(b.rules.at(-1)?.fingerprint);
  });

  test("a rule without it is what it was", () => {
    const { id, fingerprint } = contractOf([ID, "{ name: a, logicalType: string, unique: true }"]).rules.at(-1) ?? expect.fail();
    expect([id, fingerprint]).toEqual(["a.unique", "32bb13b5a0dda8b6"]);
  });

  test("is told of the rule, and to whoever sent the record", () => {
    const contract = contractOf([ID, onColumn("normalise: [integral, trim], survivor: { order: newest, by: id }")]);
    const rule = contract.rules.at(-1) ?? expect.fail();
    expect(ruleDocument(rule).says).toBe("survivor: newest by id; normalise: trim, integral");
    const { pipeline } = loadPipeline({ directory: "tests/fixtures/pipelines/claims", env: {} });
    const feed = { ...(pipeline.feeds.get("app.entries") ?? expect.fail()), contract };
    const words = { column: () => null, fault: () => "", place: () => null, senders: () => [] };
    const record = { reasons: [rule.id, "id.unique"], fault: null } as unknown as Parameters<typeof reasonWords>[0];
    expect(reasonWords(record, { feed, words, layout: null })).toEqual([
      "a stands in another record too, the same or spelled otherwise",
      "id stands in another record too",
    ]);
  });

  test("stands beside the rule that the key implies, also where the key is the source's", () => {
    const contract = contractOf([ID], ["quality:", `  ${rule("columns: [id], normalise: [trim]")}`]);
    expect(contract.rules.map(({ id }) => id)).toEqual(["id.required", "id.unique", "id.unique_normalised"]);
    const keyless = "{ name: id, logicalType: string, required: true }";
    const only = contractOf([keyless], ["quality:", `  ${rule("columns: [id], normalise: [trim]", "id: spelled, ")}`]);
    expect(withSourceKey(only, ["id"]).rules.map(({ id }) => id)).toEqual(["id.required", "spelled", "id.unique"]);
  });

  test("of several columns needs one that is a text", () => {
    const number = "{ name: n, logicalType: integer }";
    const columns = (names: string) => ["quality:", `  ${rule(`columns: [${names}], normalise: [trim]`)}`];
    const contract = contractOf([ID, number], columns("n, id"));
    expect(ruleOf(contract, "n_id.unique_normalised")).toMatchObject({ normalise: { forms: ["trim"], texts: ["id"] } });
    const none = problemsOf([ID, number, "{ name: d, logicalType: date }"], columns("n, d"));
    expect(none).toContain('"normalise" compares texts by their spelling, and there is none among n (integer), d (date)');
    expect(none).toContain("remove normalise");
  });

  test.each([
    ["a number", onColumn("normalise: [trim]", "integer"), "there is none among a (integer)"],
    ["an unknown form", onColumn("normalise: [trimm]"), 'did you mean "trim"?'],
    ["no form", onColumn("normalise: []"), "normalise"],
    ["a survivor that is not there", onColumn("normalise: [trim], survivor: { order: newest, by: b }"), 'no column "b"'],
  ])("%s is refused", (_name, property, message) => {
    const found = problemsOf([ID, property]);
    expect(found).toContain(message);
    expect(found.match(/^c:/gm)).toHaveLength(1);
  });

  test.each([
    ["", "normalise: [trim]", "rule_tightened false"],
    ["normalise: [trim, nfc]", "normalise: [trim]", "rule_loosened true"],
    ["normalise: [nfc]", "normalise: [trim]", "rule_changed false"],
    ["normalise: [trim]", "normalise: [trim], survivor: { order: newest, by: id }", "rule_changed false"],
  ])("from {%s} to {%s}: %s", (before, after, expected) => {
    const of = (more: string) =>
      contractOf(
        [ID, "{ name: a, logicalType: string }"],
        ["quality:", `  ${rule(["columns: [a]", ...(more ? [more] : [])].join(", "), "id: one, ")}`],
      );
    const changes = diffContracts(of(before), of(after)).filter((c) => c.change !== "version_not_raised");
    expect(changes.map((c) => `${c.change} ${c.compatible}`)).toEqual([expected]);
  });
});
