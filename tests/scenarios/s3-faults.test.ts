import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { test } from "vitest";
import { openFilesHouse } from "../support/files-house.ts";
import { freshBucket, type S3Server, SKIPPED, servers } from "../support/s3.ts";
import { openProxy, type Seen } from "../support/s3-proxy.ts";
import { ofToday } from "../support/sampled.ts";
import { playFileFaults } from "./play-files.ts";
import { type BucketHouse, S3_FAULTS } from "./s3-faults.ts";
import { S3 } from "./sections.ts";

async function openBucketHouse(server: S3Server): Promise<BucketHouse> {
  const bucket = await freshBucket(server);
  const key = (path: string) => ({ Bucket: bucket.name, Key: `inbox/${path}` });
  let rule: Parameters<BucketHouse["rule"]>[0] = () => null;
  const proxy = await openProxy(server.endpoint, (seen: Seen) => rule(seen));
  const house = await openFilesHouse({
    place: `location: s3://${bucket.name}/inbox/\nendpoint: ${proxy.endpoint}`,
    put: async (path, content) => void (await bucket.admin.send(new PutObjectCommand({ ...key(path), Body: content }))),
    remove: async (path) => void (await bucket.admin.send(new DeleteObjectCommand(key(path)))),
    dispose: async () => {
      await proxy[Symbol.asyncDispose]();
      bucket[Symbol.dispose]();
    },
  });
  return {
    ...house,
    rule: (changed) => {
      rule = changed;
    },
  };
}

// One server is enough: what differs between them, the conformance of files in S3 sees on both.
const [server] = servers;
if (server) playFileFaults(S3, ofToday(S3_FAULTS), () => openBucketHouse(server));

test.skipIf(servers.length > 0)(`faults of files in S3 (${SKIPPED})`, (context) => context.skip());
