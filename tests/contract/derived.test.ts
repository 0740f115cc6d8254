import { expect, test } from "vitest";
import { parseContract } from "../../src/contract/parse-contract.ts";

const contract = (derived: string) => `apiVersion: v3.1.0
kind: DataContract
id: app.transfers
version: 1.0.0
status: active
team: { name: desk }
schema:
  - name: transfers
    logicalType: object
    customProperties:
      - { property: derived, value: ${derived} }
    properties:
      - { name: bank, logicalType: string, required: true, primaryKey: true, primaryKeyPosition: 1, classification: pii }
      - { name: number, logicalType: string, required: true, primaryKey: true, primaryKeyPosition: 2 }
      - { name: nth, logicalType: integer, physicalType: bigint }
      - { name: paid_on, logicalType: date }
`;

const parsed = (derived: string) => parseContract({ file: "transfers.odcs.yaml", text: contract(derived) });

test("a derived column is a template of texts and columns, and personal where one of its columns is", () => {
  const { contract: found, problems } = parsed('{ payment_id: "bank:{bank}:{number}", nth_id: "nth/{nth}" }');
  expect(problems).toEqual([]);
  expect(found?.derived).toMatchObject([
    {
      ...{ name: "payment_id", template: "bank:{bank}:{number}", pii: true },
      parts: [{ text: "bank:" }, { column: "bank", ends: ":" }, { text: ":" }, { column: "number", ends: null }],
    },
    { name: "nth_id", pii: false },
  ]);
  expect(found?.fingerprint).not.toBe(
    parsed('{ payment_id: "bank:{bank}/{number}", nth_id: "nth/{nth}" }').contract?.fingerprint,
  );
});

test.each([
  ['{ payment_id: "bank:{bank" }', "has braces that do not hold the name of a column"],
  ['{ payment_id: "bank:{}" }', "has braces that do not hold the name of a column"],
  ['{ payment_id: "bank" }', "names no column"],
  ['{ payment_id: "{bnak}" }', 'is made of "bnak", which is no column that is a string or an integer'],
  ['{ payment_id: "{paid_on}" }', 'is made of "paid_on", which is no column that is a string or an integer'],
  ['{ number: "{bank}" }', "is a column of the contract too"],
  ['{ Payment: "{bank}" }', "has a name with more than a-z, 0-9 and _"],
  ['{ payment_id: "{bank}{number}" }', "has columns side by side, and unlike rows could make one text"],
  ['{ payment_id: "{bank}x{number}" }', "has columns side by side, and unlike rows could make one text"],
])("%s is refused with its place", (derived, says) => {
  const [problem, ...more] = parsed(derived).problems;
  expect(more).toEqual([]);
  expect(problem).toMatchObject({ code: "contract.derived", says: expect.stringContaining(says), at: { line: 11 } });
});
