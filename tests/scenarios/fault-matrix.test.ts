import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lacksOf, PAGE, type Section } from "./matrix.ts";
import { SECTIONS } from "./sections.ts";

const page = readFileSync(PAGE, "utf8");
const [first] = SECTIONS;
const lacking = (text: string, sections: readonly Section[] = SECTIONS) => lacksOf(text, sections).join("\n");

test("docs/fault-matrix.md has a cell for each declared source, fault and column, and nothing else", () => {
  expect(lacksOf(page, SECTIONS)).toEqual([]);
});

test.each(SECTIONS)("$mark is played by a file of a lane", ({ mark, playedBy }) => {
  expect(existsSync(join(import.meta.dirname, playedBy))).toBe(true);
  const text = readFileSync(join(import.meta.dirname, playedBy), "utf8");
  expect(text).toContain(mark.toUpperCase());
  // In this folder's lane files without their server skip, so the lane that has one names the file.
  const lane = mark === "s3" ? readFileSync("scripts/lanes/s3.sh", "utf8") : playedBy;
  expect(lane).toContain(playedBy);
});

test("what a page lacks is told: a source, a row, a cell, a column, a fault, the order, an outcome", () => {
  const { mark, faults } = first;
  const rows = page.split("\n");
  const at = rows.findIndex((line) => line.startsWith(`| \`${faults[0]?.fault}\``));
  const changed = (change: (row: string) => string[]) => rows.flatMap((row, i) => (i === at ? change(row) : [row])).join("\n");
  expect(lacking(page.replace(`<!-- ${mark} -->`, ""))).toBe(`${mark}: has no section`);
  expect(lacking(changed(() => []))).toContain(`${mark}: its rows are not the declared faults`);
  expect(lacking(changed((row) => [row, row]))).toContain(`${mark}: its rows are not the declared faults`);
  expect(lacking(changed((row) => [row.replace(/\| [^|]+ \|$/, "|  |")]))).toContain(`night: "" is no outcome`);
  expect(lacking(changed((row) => [row.replace(/\| [^|]+ \|$/, "|")]))).toContain(`night: "" is no outcome`);
  expect(lacking(changed((row) => [row.replace(/\| [^|]+ \|$/, "| exit 1, internal |")]))).toContain('"exit 1, internal" is no');
  expect(lacking(page.replaceAll(" night |", " |"))).toContain(`${mark}: has another head`);
  expect(lacking(page, SECTIONS.slice(1))).toBe(`${mark}: nobody declares it`);
  const few = { ...first, faults: faults.slice(0, 13) };
  expect(lacking(page, [few, ...SECTIONS.slice(1)])).toContain(`${mark}: 13 faults, which are fewer than 14`);
  const turned = { ...first, faults: faults.toReversed() };
  expect(lacking(page, [turned, ...SECTIONS.slice(1)])).toBe(`${mark}: its rows are not the declared faults`);
  const another: Section = { mark: "another", faults, playedBy: "another" };
  expect(lacking(page, [...SECTIONS, another])).toBe("another: has no section");
});
