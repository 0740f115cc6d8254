import { readdir } from "node:fs/promises";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { freshBucket, SKIPPED, servers } from "../support/s3.ts";
import { evidenceSuite } from "./evidence-suite.ts";
import { landingSuite, type ObjectPlace } from "./landing-suite.ts";

test.skipIf(servers.length > 0)(`landing on S3 (${SKIPPED})`, (context) => context.skip());

for (const server of servers) {
  const open = async (): Promise<ObjectPlace> => {
    const bucket = await freshBucket(server);
    const at = (key: string) => ({ Bucket: bucket.name, Key: `some/prefix/${key}` });
    return {
      store: bucket.store({ compression: "gzip" }),
      ending: ".gz",
      stored: async (key) => {
        const answer = await bucket.admin.send(new GetObjectCommand(at(key)));
        return Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
      },
      replace: async (key, bytes) => {
        await bucket.admin.send(new PutObjectCommand({ ...at(key), Body: bytes }));
      },
      [Symbol.asyncDispose]: async () => {
        // Copies and bytes on their way in leave nothing behind.
        const left = await readdir(bucket.temporary).catch(() => []);
        bucket[Symbol.dispose]();
        expect(left).toEqual([]);
      },
    };
  };
  landingSuite(`s3 on ${server.name}`, open);
  evidenceSuite(`s3 on ${server.name}`, open);
}
