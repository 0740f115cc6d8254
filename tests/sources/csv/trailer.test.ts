import { describe, expect, test } from "vitest";
import type { TargetColumn } from "../../../src/sources/csv/scan/layout.ts";
import { derive, specOf } from "./deriving.ts";

const COLUMNS: readonly TargetColumn[] = [
  { name: "id", type: { kind: "string" } },
  { name: "amount", type: { kind: "decimal", precision: 12, scale: 2 } },
];
const FOOTER = "TOTAL;(?<count>\\d+);(?<sum>.*)";
const GERMAN = { decimal: ",", thousands: ".", sign: "trailing" } as const;

async function factsOf(lines: readonly string[], footer: string | undefined = FOOTER) {
  const columns = [{ header: "id" }, { header: "amount", ...GERMAN }];
  const spec = specOf({ delimiter: ";", columns, footer, file_bad_share: 1 }, COLUMNS, { amount: "amount" });
  return (await derive(`id;amount\n${lines.join("\n")}\n`, spec)).facts;
}

const RECORDS = ["1;1.234,56", "2;0,44-", "3;"];

describe("a trailer", () => {
  test("that says what was read is told in the text of the amount's type", async () => {
    const { trailer, stopped, records } = await factsOf([...RECORDS, "TOTAL;3;1.234,12"]);
    expect({ trailer, stopped, records }).toEqual({
      trailer: { count: "3", sum: "1234.12", unreadable: 0 },
      stopped: null,
      records: 3,
    });
  });

  test("tells its sum whatever was read, for whoever takes the file in spite of it", async () => {
    expect((await factsOf([...RECORDS, "TOTAL;3;1.234,13"])).saidSum).toBe("1234.13");
    expect((await factsOf([...RECORDS, "TOTAL;2;1.234,12"])).saidSum).toBe("1234.12");
    expect((await factsOf([...RECORDS, "TOTAL;3;1,234.12"])).saidSum).toBe(null);
    expect((await factsOf([...RECORDS, "TOTAL;3"])).saidSum).toBe(null);
  });

  test.each([
    ["counts too few", "TOTAL;2;1.234,12"],
    ["counts too many", "TOTAL;4;1.234,12"],
    ["has another sum", "TOTAL;3;1.234,13"],
    ["has a sum that is no number here", "TOTAL;3;1,234.12"],
    ["has a sum of more places than the amount", "TOTAL;3;1.234,125"],
    ["is cut off", "TOTAL;3"],
    ["is missing", "4;1,00"],
  ])("that %s stops the file", async (_, last) => {
    expect((await factsOf([...RECORDS, last])).stopped?.reason).toBe("trailer");
  });

  test("counts malformed records too, whose amounts nobody knows: sums are not compared then, and it is told how many", async () => {
    const { trailer, stopped } = await factsOf([...RECORDS, '4;"9', "TOTAL;4;77.777,77"]);
    expect({ trailer, stopped }).toEqual({ trailer: { count: "4", sum: "77777.77", unreadable: 1 }, stopped: null });
    expect((await factsOf([...RECORDS, '4;"9', "TOTAL;3;1.234,12"])).stopped?.reason).toBe("trailer");
  });

  test.each([
    ["could not be converted", "4;10.50"],
    ["has more places than its type", "4;1,005"],
  ])("is not compared by its sum where an amount %s", async (_, record) => {
    const { trailer, stopped } = await factsOf([...RECORDS, record, "TOTAL;4;0,00"]);
    expect({ trailer, stopped }).toEqual({ trailer: { count: "4", sum: "0.00", unreadable: 1 }, stopped: null });
  });

  test("may say one of both, or nothing but that the file is whole", async () => {
    expect((await factsOf([...RECORDS, "3 records"], "(?<count>\\d+) records")).trailer).toMatchObject({ count: "3", sum: null });
    expect((await factsOf([...RECORDS, "EOF"], "EOF")).trailer).toEqual({ count: null, sum: null, unreadable: 0 });
    expect((await factsOf(RECORDS, "EOF")).stopped?.reason).toBe("trailer");
  });

  test("is the only record that is none: blank lines may follow it, and the same text before it is a record", async () => {
    const { stopped, records, malformed } = await factsOf(["TOTAL;1;0,00", "TOTAL;1;0,00", "", ""]);
    expect({ stopped, records, malformed }).toEqual({ stopped: null, records: 1, malformed: { width: 1 } });
  });

  test("is summed exactly beyond what a double holds", async () => {
    const many = Array.from({ length: 300 }, (_, i) => `${i};90.071.992.547.409,93`);
    const { trailer, stopped } = await factsOf([...many, "TOTAL;300;27.021.597.764.222.979,00"]);
    expect({ trailer, stopped }).toMatchObject({ trailer: { sum: "27021597764222979.00" }, stopped: null });
  });
});
