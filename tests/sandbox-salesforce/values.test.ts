import { expect, test } from "vitest";
import { compareDecimals, decimal, divided, javaDouble, plain, plus, textOfDecimal } from "../../sandbox/salesforce/decimals.ts";
import { seededIds, withChecksum } from "../../sandbox/salesforce/ids.ts";
import { asJson, asText, csvWriter, kept, retyped } from "../../sandbox/salesforce/values.ts";

test.each([
  ["0", "0.0"],
  ["5", "5.0"],
  ["-12.5", "-12.5"],
  ["1234567", "1234567.0"],
  ["9999999.99", "9999999.99"],
  ["-1234567.5", "-1234567.5"],
  ["10000000", "1.0E7"],
  ["90000000", "9.0E7"],
  ["-99213206", "-9.9213206E7"],
  ["16147805824397", "1.6147805824397E13"],
  ["14412092.88", "1.441209288E7"],
  ["0.001", "0.001"],
  ["0.00015", "1.5E-4"],
  ["-0.0001", "-1.0E-4"],
  ["9007199254740993", "9.007199254740992E15"],
  ["0.1000000000000000055511151231257827", "0.1"],
])("%s leaves as %s", (text, written) => {
  expect(javaDouble(plain(text))).toBe(written);
});

test("numbers are kept as plain decimal text, whichever way they are told", () => {
  const told = [1e7, "007.50", "-0.0", ".5", "1.25e-3", "1E3", 5e-7].map(plain);
  expect(told).toEqual(["10000000", "7.5", "0", "0.5", "0.00125", "1000", "0.0000005"]);
  expect(() => plain("much")).toThrow("no number");
});

test("numbers are added, divided and compared exactly", () => {
  expect(textOfDecimal(plus(decimal("0.1"), decimal("0.2")))).toBe("0.3");
  expect(textOfDecimal(plus(decimal("9007199254740993"), decimal("-0.01")))).toBe("9007199254740992.99");
  expect(textOfDecimal(divided(decimal("10"), decimal("3"), 4))).toBe("3.3333");
  expect(textOfDecimal(divided(decimal("-10"), decimal("1.25"), 2))).toBe("-8");
  expect(compareDecimals("9007199254740993", "9007199254740992.999")).toBe(1);
  expect([compareDecimals("2", "10"), compareDecimals("-2", "-2")]).toEqual([-1, 0]);
});

test("ids have the checksum of their capitals, and grow", () => {
  expect(withChecksum("001D000000IRFma")).toBe("001D000000IRFmaIAH");
  expect(withChecksum("001D000000IRFmaIAH")).toBe("001D000000IRFmaIAH");
  const [ids, same] = [seededIds(() => 0.3), seededIds(() => 0.3)];
  const made = Array.from({ length: 200 }, () => ids.next("006"));
  expect(new Set(made).size).toBe(200);
  expect([...made].sort()).toEqual(made);
  expect(same.next("006")).toBe(made[0]);
});

test("values of a type leave as JSON and as CSV", () => {
  const noon = kept("datetime", "2026-10-05T14:00:00+02:00");
  expect([asJson("datetime", noon), asText("datetime", noon)]).toEqual([
    '"2026-10-05T12:00:00.000+0000"',
    "2026-10-05T12:00:00.000Z",
  ]);
  expect([kept("date", new Date("2026-10-05T23:59:59Z")), kept("date", "2026-10-05")]).toEqual(["2026-10-05", "2026-10-05"]);
  expect([asJson("int", "5"), asJson("double", "5"), asJson("string", null), asJson("boolean", undefined)]).toEqual([
    "5",
    "5.0",
    "null",
    "false",
  ]);
  expect(csvWriter("string")('a "b"')).toBe('"a ""b"""');
  const stamp = csvWriter("datetime");
  expect([stamp(noon), stamp(noon), stamp(null), stamp(noon)]).toEqual([
    '"2026-10-05T12:00:00.000Z"',
    '"2026-10-05T12:00:00.000Z"',
    '""',
    '"2026-10-05T12:00:00.000Z"',
  ]);
  expect([retyped("12.5", "currency", "string"), retyped("x", "string", "double")]).toEqual(["12.5", null]);
});
