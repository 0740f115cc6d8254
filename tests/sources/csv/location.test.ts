import { expect, test } from "vitest";
import { type CsvSettings, csvKind } from "../../../src/sources/csv/csv-kind.ts";

function linked(source: Record<string, unknown>) {
  const read = csvKind.source.parse(source);
  const { settings, faults = [] } = csvKind.link({ source: read, feeds: new Map(), absolute: (path) => `/root/${path}` });
  return { settings, faults: faults.map(({ at, says }) => `${at.join(".")}: ${says}`) };
}

const bucket = (prefix: string, more: object = {}): CsvSettings["location"] => {
  return { kind: "s3", address: { bucket: "our-bucket", prefix }, pathStyle: false, ...more };
};

test.each<[Record<string, unknown> & { readonly location: string }, CsvSettings["location"]]>([
  [{ location: "inbox" }, { kind: "folder", folder: "/root/inbox" }],
  [{ location: "s3://our-bucket" }, bucket("")],
  [{ location: "s3://our-bucket/" }, bucket("")],
  [{ location: "s3://our-bucket/in/box" }, bucket("in/box/")],
  [{ location: "s3://our-bucket/in/box/", region: "eu-central-1" }, bucket("in/box/", { region: "eu-central-1" })],
  [
    { location: "s3://our-bucket/", endpoint: "https://s3.example" },
    bucket("", { endpoint: "https://s3.example", pathStyle: true }),
  ],
  [
    { location: "s3://our-bucket/", endpoint: "https://s3.example", path_style: false },
    bucket("", { endpoint: "https://s3.example" }),
  ],
])("%j is a folder or a bucket, and is known by what is written", (source, location) => {
  const { settings, faults } = linked({ ...source });
  expect(faults).toEqual([]);
  expect(settings).toEqual({ location, name: source.location });
});

test.each([
  ["s3:our-bucket/in", "location: location is no bucket with a prefix"],
  ["s3://", "location: location is no bucket with a prefix"],
  ["s3://key:secret@our-bucket/in", "location: location is no bucket with a prefix"],
])("%s is neither", (location, fault) => {
  expect(linked({ location }).faults).toEqual([fault]);
});

test("keys of a bucket are none of a folder's; an address with credentials is none", () => {
  expect(linked({ location: "inbox", region: "eu-central-1", path_style: true }).faults).toEqual([
    "region: region is of a bucket, and location is a folder",
    "path_style: path_style is of a bucket, and location is a folder",
  ]);
  expect(() => linked({ location: "s3://our-bucket", endpoint: "https://key:secret@s3.example" })).toThrow(/credentials/);
});
