import { describe, expect, test } from "vitest";
import { diffContracts } from "../../src/contract/diff.ts";
import { parseContract } from "../../src/contract/parse-contract.ts";
import { contractOf, contractText } from "./contract-text.ts";

const ID = "{ name: id, logicalType: string, primaryKey: true, required: true }";
const formatted = (type: string, format: string): string =>
  `{ name: a, logicalType: ${type}, customProperties: [{ property: format, value: ${format} }] }`;
const YES = "{ 'true': [Y, yes], 'false': [N] }";

function faultOf(type: string, format: string): string {
  const { problems } = parseContract({ file: "c", text: contractText([ID, formatted(type, format)]) });
  return problems.map(({ says }) => says).join("\n");
}

describe("formats", () => {
  test("of booleans are spellings, of dates and instants parts of a fixed width", () => {
    expect(contractOf([ID, formatted("boolean", YES)]).columns[1]?.format).toEqual({
      ...{ kind: "boolean", true: ["Y", "yes"], false: ["N"] },
    });
    expect(contractOf([ID, formatted("date", "dd.MM.yyyy")]).columns[1]?.format).toEqual({
      kind: "calendar",
      parts: [{ field: "dd" }, { field: null, text: "." }, { field: "MM" }, { field: null, text: "." }, { field: "yyyy" }],
    });
    expect(contractOf([ID, formatted("timestamp", "yyyyMMddTHHmmss")]).columns[1]?.format).toMatchObject({ kind: "calendar" });
  });

  test.each([
    ["date", "dd.MM", /yyyy, MM and dd have to stand in it/],
    ["date", "dd.MM.yyyy HH:mm", /a date has no hours/],
    ["date", "dd.MMM.yyyy", /"M." is no part of a format/],
    ["date", "dd.dd.MM.yyyy", /a part stands in it twice/],
    ["date", "DD.MM.yyyy", /"DD." is no part of a format/],
    ["timestamp", "yyyy-MM-dd mm", /seconds need minutes, and minutes hours/],
    ["boolean", "Y/N", /"value" must be a map/],
    ["boolean", "{ 'true': [Y], 'false': [Y] }", /"Y" spells true and false of "a"/],
    ["boolean", "{ 'true': [Y] }", /"false" is missing/],
    ["integer", "'0'", /"a" is of type integer, which has no format/],
    ["string", "'0'", /"a" is of type string, which has no format/],
  ])("%s %s is a mistake", (type, format, message) => {
    expect(faultOf(type, format)).toMatch(message);
  });

  test("another format is another type rule and another contract, and a breaking change", () => {
    const [before, after] = [
      contractOf([ID, formatted("boolean", YES)]),
      contractOf([ID, formatted("boolean", "{ 'true': [Y], 'false': [N] }")]),
    ];
    const typeRule = (contract: typeof before) => contract.rules.find(({ id }) => id === "a.type")?.fingerprint;
    expect(typeRule(before)).not.toBe(typeRule(after));
    expect(before.fingerprint).not.toBe(after.fingerprint);
    const changes = diffContracts(before, after).map(({ change, element, compatible }) => [change, element, compatible]);
    expect(changes).toContainEqual(["format_changed", "a", false]);
  });
});
