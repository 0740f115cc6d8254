import { test } from "vitest";
import { SKIPPED, servers } from "../support/s3.ts";
import { sourceConformance } from "./conformance.ts";
import { CSV_ABILITIES } from "./csv/csv-subject.ts";
import { s3Subject } from "./csv/s3-subject.ts";

for (const server of servers) {
  sourceConformance(`csv in a bucket of ${server.name}`, () => s3Subject(server), { ...CSV_ABILITIES, secrets: true });
}

test.skipIf(servers.length > 0)(`files in S3 (${SKIPPED})`, (context) => context.skip());
