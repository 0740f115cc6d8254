import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cellKind, cellOf, plainDecimal } from "../../../src/sources/salesforce/pages/field-text.ts";

describe("numbers as the org prints them", () => {
  test.each([
    ["1.6147805824397E13", "16147805824397"],
    ["9.0E7", "90000000"],
    ["5.0", "5"],
    ["0.0", "0"],
    ["-0.0", "0"],
    ["-1.25E-3", "-0.00125"],
    ["9.09E-13", "0.000000000000909"],
    ["1E0", "1"],
    ["12345678901234567890.123456789", "12345678901234567890.123456789"],
    ["100.50", "100.5"],
    ["1.234567890123456789E18", "1234567890123456789"],
    ["00.5", "0.5"],
  ])("%s is %s", (text, plain) => expect(plainDecimal(text)).toBe(plain));

  test.each(["", "-", ".5", "5.", "1e", "0x1F", "NaN", "Infinity", "1,5", " 1", "1E9999", "--1", "1E+-2"])(
    "%j is no number",
    (text) => expect(plainDecimal(text)).toBeNull(),
  );

  /** 10^400 times a decimal, exact. */
  const scaledUp = (plain: string) => {
    const [whole = "", fraction = ""] = plain.split(".");
    return BigInt(whole + fraction.padEnd(400, "0"));
  };

  test("no digit is lost or made, whatever the exponent", () => {
    const numbers = fc.tuple(fc.bigInt(-(10n ** 30n), 10n ** 30n), fc.nat(20), fc.integer({ min: -60, max: 60 }));
    fc.assert(
      fc.property(numbers, ([unscaled, places, exponent]) => {
        const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(places + 1, "0");
        const sign = unscaled < 0n ? "-" : "";
        const fraction = places === 0 ? "" : `.${digits.slice(-places)}`;
        const text = `${sign}${places === 0 ? digits : digits.slice(0, -places)}${fraction}E${exponent}`;
        const plain = plainDecimal(text) ?? "none";
        expect(plain).toMatch(/^(0|-?(0\.\d*[1-9]|[1-9]\d*(\.\d*[1-9])?))$/);
        expect(scaledUp(plain)).toBe(unscaled * 10n ** BigInt(400 - places + exponent));
      }),
    );
  });
});

test("instants of both APIs are one text; what is none is not converted", () => {
  expect(cellOf("instant", "2026-10-05T09:00:00.000+0000")).toBe("2026-10-05T09:00:00Z");
  expect(cellOf("instant", "2026-10-05T09:00:00.000Z")).toBe("2026-10-05T09:00:00Z");
  expect(cellOf("instant", "2026-10-05T11:00:00.120+0200")).toBe("2026-10-05T09:00:00.12Z");
  expect(cellOf("instant", "yesterday")).toBeNull();
});

test("a number in a field of texts stays as it is: only numeric fields print exponents", () => {
  expect(cellKind("decimal", false)).toBe("text");
  expect(cellKind("decimal", true)).toBe("number");
  expect(cellKind("string", true)).toBe("text");
});
