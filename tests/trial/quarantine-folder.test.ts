import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { csvCell } from "../../src/kernel/csv-text.ts";
import { cutRanges, gathered } from "../../src/trial/cut-ranges.ts";
import { distinctNames } from "../../src/trial/quarantine-folder.ts";
import { cases } from "../support/cases.ts";
import { bytesOf } from "../support/raw-file.ts";
import { lines, trialPlace } from "./tried.ts";

const BAD = ["2,,EUR,1.00,1,,=cmd", '3,"Two ""words""",EUR,ten,1,,', "4,Width,EUR", '5,"Qu"ote,EUR,1.00,1,,'] as const;
const CONTENT = lines("1,Ada,EUR,1.00,1,,", BAD[0], BAD[1], "6,=1+1,EUR,1.00,1,,", BAD[2], BAD[3]);

test("holds the exact bytes of records that are not valid, and a table that says where they stand and why", async () => {
  using place = trialPlace();
  const quarantine = join(place.folder, "bad");
  await place.try([place.write("a.csv", CONTENT), place.write("b.csv.gz", gzipSync(CONTENT.replaceAll("\n", "\r\n")))], {
    quarantine,
  });
  expect(readdirSync(quarantine).sort()).toEqual(["a.csv", "a.raw", "b.csv", "b.raw"]);
  for (const name of ["a", "b"]) expect(place.read(`bad/${name}.raw`)).toBe(BAD.join(""));
  const offset = (of: string) => CONTENT.indexOf(of);
  expect(place.read("bad/a.csv").split("\n")).toEqual([
    "_record,_offset,_length,_raw_offset,_reasons,_payload,id,name,currency,amount,fee_minor,paid_on,customer_id",
    `2,${offset(BAD[0])},${BAD[0].length},0,name.required,,2,,EUR,1.00,1,,'=cmd`,
    `3,${offset(BAD[1])},${BAD[1].length},${BAD[0].length},amount.type,,3,"Two ""words""",EUR,ten,1,,`,
    `5,${offset(BAD[2])},${BAD[2].length},${BAD[0].length + BAD[1].length},width,"utf8:4,Width,EUR",,,,,,,`,
    `6,${offset(BAD[3])},${BAD[3].length},${BAD[0].length + BAD[1].length + BAD[2].length},quote,"utf8:5,""Qu""ote,EUR,1.00,1,,",,,,,,,`,
    "",
  ]);
  expect(place.read("bad/b.csv").split("\n")[4]).toMatch(/^6,\d+,/);
});

test("holds many megabytes of records in the order of their file", async () => {
  using place = trialPlace();
  const note = "x".repeat(3000);
  const bad = Array.from({ length: 6000 }, (_, i) => `${i},${note},eur,1.00,1,,`);
  const good = Array.from({ length: 300 }, (_, i) => `${10_000 + i},Ada,EUR,1.00,1,,`);
  const mixed = bad.flatMap((row, i) => (i % 20 === 0 ? [row, good[i / 20] ?? ""] : [row]));
  const trial = await place.try([place.write("many.csv", lines(...mixed))], { quarantine: join(place.folder, "bad") });
  expect(trial).toMatchObject({ quarantined: 6000n, valid: 300n });
  expect(place.read("bad/many.raw")).toBe(bad.join(""));
  const numbers = place
    .read("bad/many.csv")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",")[6]);
  expect(numbers).toEqual(bad.map((_, i) => String(i)));
});

test("a stopped file has none, one without bad rows has empty ones; names that collide are told apart", async () => {
  using place = trialPlace();
  mkdirSync(join(place.folder, "more"));
  const files = [place.write("a.csv", lines("1,Ada,EUR,1.00,1,,")), place.write("more/A.csv", lines()), place.write("s.csv", "")];
  const trial = await place.try(files, { quarantine: join(place.folder, "bad") });
  expect(trial.files.map((f) => f.stopped?.reason)).toEqual([undefined, undefined, "empty"]);
  expect(readdirSync(join(place.folder, "bad")).sort()).toEqual(["A-2.csv", "A-2.raw", "a.csv", "a.raw"]);
  expect(place.read("bad/a.raw")).toBe("");
  expect(distinctNames(["x/a.csv", "y/a.CSV.gz", "a-2.csv", "z/a.csv", ".csv"])).toEqual(["a", "a-2", "a-2-2", "a-3", "file"]);
});

test("writes nothing over, and nothing at all where something fails", async () => {
  using place = trialPlace();
  const file = place.write("a.csv", CONTENT);
  await expect(place.try([file], { quarantine: place.folder })).rejects.toThrow(/has a\.csv already; nothing is written over/);
  expect(place.read("a.csv")).toBe(CONTENT);
  const kept = join(place.folder, "kept");
  mkdirSync(kept);
  writeFileSync(join(kept, "notes.txt"), "mine");
  await place.try([file], { quarantine: kept });
  expect(readdirSync(kept).sort()).toEqual(["a.csv", "a.raw", "notes.txt"]);
  const below = join(place.write("plain", ""), "bad");
  await expect(place.try([file], { quarantine: below })).rejects.toMatchObject({ kind: "usage" });
});

test("a file that changes meanwhile is told, and no folder is left", async () => {
  using place = trialPlace();
  const [first, second] = [place.write("a.csv", CONTENT), place.write("b.csv", CONTENT)];
  const quarantine = join(place.folder, "bad");
  const changed = place.try([first, second], { quarantine }, (event) => {
    if (event.event === "writing") writeFileSync(second, CONTENT.replace("Ada", "Eva"));
  });
  await expect(changed).rejects.toMatchObject({ kind: "usage", problems: [{ code: "trial.file_changed" }] });
  expect(readdirSync(place.folder).sort()).toEqual(["a.csv", "b.csv", "contract.odcs.yaml"]);
  expect(existsSync(quarantine)).toBe(false);
});

test("no cell is a formula; a negative number is none", () => {
  const cells = ["=1+1", "+49 170", "@x", "-2+3", "\t=1", "＝1", "-12.50", "a=1", "", null];
  expect(cells.map(csvCell)).toEqual(["'=1+1", "'+49 170", "'@x", "'-2+3", '"\'\t=1"', "'＝1", "-12.50", "a=1", '""', ""]);
  expect(csvCell('=HYPERLINK("x";"y")')).toBe('"\'=HYPERLINK(""x"";""y"")"');
});

test("ranges are cut out of a stream however it comes in pieces", async () => {
  const parts = fc.array(fc.record({ skip: fc.nat(20), take: fc.nat(30) }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(parts, fc.integer({ min: 1, max: 40 }), async (cuts, size) => {
      const bytes = Buffer.from(Array.from({ length: 1100 }, (_, i) => i % 251));
      let at = 0;
      const ranges = cuts.map(({ skip, take }) => {
        const range = { begins: at + skip, bytes: take };
        at += skip + take;
        return range;
      });
      async function* pieces() {
        for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
      }
      async function* all() {
        yield* ranges;
      }
      const found = await bytesOf(gathered(cutRanges(pieces(), all())));
      expect(found).toEqual(Buffer.concat(ranges.map((r) => bytes.subarray(r.begins, r.begins + r.bytes))));
    }),
    { numRuns: cases(60) },
  );
});

test("a mutated file is accounted for to the row, to the cent and to the byte", async () => {
  using place = trialPlace();
  const rows = Array.from({ length: 12 }, (_, i) => `${i % 9},N${i % 5},EUR,${i % 3}.50,${i % 2},2026-11-0${1 + (i % 9)},c${i}`);
  const content = Buffer.from(lines(...rows));
  const change = fc.record({
    at: fc.nat(content.length - 1),
    byte: fc.constantFrom(...Buffer.from('",\n;0.9=xX-\r\0\xff', "latin1")),
  });
  let nth = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
      const mutated = Buffer.from(content);
      for (const { at, byte } of changes) mutated[at] = byte;
      nth += 1;
      const quarantine = join(place.folder, `bad-${nth}`);
      const trial = await place.try([place.write("m.csv", mutated)], { quarantine });
      expect(trial.rows).toBe(trial.valid + trial.quarantined + trial.malformed);
      expect(trial.combinations.reduce((sum, one) => sum + one.rows, 0n)).toBe(trial.quarantined + trial.malformed);
      const units = (text: string) => BigInt(text.replace(".", ""));
      for (const { all, valid, quarantined } of trial.totals) expect(units(all)).toBe(units(valid) + units(quarantined));
      if (trial.files[0]?.stopped) return;
      const raw = readFileSync(join(quarantine, "m.raw"));
      const table = readFileSync(join(quarantine, "m.csv"), "latin1").split("\n");
      const places = table.flatMap((line) => /^(\d+),(\d+),(\d+),(\d+),/.exec(line)?.slice(1).map(Number) ?? []);
      for (let i = 0; i < places.length; i += 4) {
        const [, offset = 0, length = 0, rawOffset = 0] = places.slice(i, i + 4);
        expect(raw.subarray(rawOffset, rawOffset + length)).toEqual(mutated.subarray(offset, offset + length));
      }
    }),
    { numRuns: cases(25) },
  );
});
