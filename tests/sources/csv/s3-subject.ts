import { PutObjectCommand } from "@aws-sdk/client-s3";
import { freshBucket, type S3Server } from "../../support/s3.ts";
import { type Fault, openProxy, type Seen } from "../../support/s3-proxy.ts";
import type { Subject } from "../conformance-subject.ts";
import { csvSubjectOn } from "./csv-subject.ts";

/** A subject in a bucket, and the way to it. */
export interface S3Subject extends Subject {
  /** What goes wrong from now on with requests of the reader. */
  rule(rule: (seen: Seen) => Fault | null): void;
}

const isRead = ({ method, query }: Seen) => method === "GET" && !query.has("list-type");

/** The fixture `claims` as CSV files in a bucket. Its feeds keep the time that files in folders have to settle. */
export async function s3Subject(server: S3Server): Promise<S3Subject> {
  const bucket = await freshBucket(server);
  const nothing = () => null;
  let rule: (seen: Seen) => Fault | null = nothing;
  const proxy = await openProxy(server.endpoint, (seen) => rule(seen));
  const subject = await csvSubjectOn({
    place: `location: s3://${bucket.name}/inbox/\nendpoint: ${proxy.endpoint}`,
    keys: "required: true",
    write: async (path, text) => {
      await bucket.admin.send(new PutObjectCommand({ Bucket: bucket.name, Key: `inbox/${path}`, Body: text }));
    },
    goAway: async () => {
      rule = () => ({ cut: "answer" });
      return async () => {
        rule = nothing;
      };
    },
    dispose: async () => {
      await proxy[Symbol.asyncDispose]();
      bucket[Symbol.dispose]();
    },
  });
  return {
    ...subject,
    rule: (changed) => {
      rule = changed;
    },
    secrets: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map((name) => process.env[name] ?? ""),
    // Its files are listed and not given.
    lie: async () => {
      rule = (seen) => (isRead(seen) ? { answer: 403, code: "AccessDenied" } : null);
    },
  };
}
