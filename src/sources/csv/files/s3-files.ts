import { Failure } from "../../../kernel/problem.ts";
import { openS3, PATIENCE, type S3Bucket } from "../../../s3/bucket.ts";
import { isMissing, isOtherChecksum, isReplaced } from "../../../s3/failure-of.ts";
import { type ListedObject, listObjects } from "../../../s3/listing.ts";
import type { Owner } from "../../../s3/owner.ts";
import { type ReadTools, readVersion } from "../../../s3/version.ts";
import { cancelled } from "../../problems.ts";
import type { S3Location } from "../csv-kind.ts";
import { FileLeft, type FilePlace, type PlacedFile } from "./file-place.ts";

function ownerOf(source: string): Owner {
  const place = `in sources/${source}.yaml`;
  return { room: "source", place, key: "location", page: "docs/partner-files.md", packages: ["@aws-sdk/client-s3"] };
}

/**
 * Size, instant and etag. Other bytes have another etag whatever it is made of, and the same bytes written again another instant.
 * Ids of versions are not in a listing of what is there now: only one of everything that ever was has them.
 */
function versionOf({ bytes, modifiedAt, etag }: ListedObject): string {
  return `${bytes}-${modifiedAt.getTime()}-${etag}`;
}

const etagOf = (version: string) => version.replace(/^\d+-\d+-/, "");

/** Consoles write objects without bytes to show folders. */
const isFolder = ({ key, bytes }: ListedObject) => key.endsWith("/") && bytes === 0;

/** `..` is no hidden file but a name that no pattern fits. */
const isHidden = (path: string) => path.split("/").some((name) => /^\.(?!\.?$)/.test(name));

async function filesBelow(bucket: S3Bucket, base: string, signal: AbortSignal | undefined): Promise<PlacedFile[]> {
  const { prefix } = bucket.address;
  const objects = await listObjects(bucket, { prefix: `${prefix}${base}`, ...(signal && { signal }) });
  const files = objects
    .filter((object) => !isFolder(object))
    .map((object) => {
      const { key, bytes, modifiedAt } = object;
      return { path: key.slice(prefix.length), version: versionOf(object), bytes, modifiedAt };
    });
  return files.filter(({ path }) => !isHidden(path));
}

/** What an error means: to the file that was read, or to the place where it is. */
function meaningOf(error: unknown, failure: Failure): FileLeft | Failure {
  if (isMissing(error) || isReplaced(error)) return new FileLeft("changed", failure);
  if (isOtherChecksum(error)) return new FileLeft("damaged", failure);
  return failure.problems[0]?.code === "source.s3_denied" ? new FileLeft("unreadable", failure) : failure;
}

/** The objects of a bucket as files. Nothing is loaded or sent before the first of them is wanted. */
export function filesInS3(source: string, location: S3Location, tools: ReadTools): FilePlace {
  let opened: Promise<S3Bucket> | undefined;
  const open = () => {
    const { kind: _, ...place } = location;
    opened ??= openS3({ ...place, owner: ownerOf(source), patience: PATIENCE });
    return opened;
  };
  return {
    source,
    settles: false,
    list: async (base) => filesBelow(await open(), base, tools.signal),
    async *open({ path, version, bytes }) {
      const bucket = await open();
      try {
        yield* readVersion(bucket, { key: `${bucket.address.prefix}${path}`, etag: etagOf(version), bytes }, tools);
      } catch (error) {
        if (tools.signal?.aborted) throw new Failure("retryable", cancelled(source), { cause: error });
        throw meaningOf(error, bucket.failure(error, { doing: "read an object", key: path }));
      }
    },
    close: async () => (await opened?.catch(() => undefined))?.client.destroy(),
  };
}
