import { PutObjectCommand } from "@aws-sdk/client-s3";
import { systemTimer } from "../../../src/kernel/clock.ts";
import type { S3Location } from "../../../src/sources/csv/csv-kind.ts";
import type { FilePlace, PlacedFile } from "../../../src/sources/csv/files/file-place.ts";
import { openPlace } from "../../../src/sources/csv/files/open-place.ts";
import { freshBucket, type S3Server } from "../../support/s3.ts";
import { type Fault, openProxy, type Seen } from "../../support/s3-proxy.ts";

/** A bucket with files of a source, and the way that its reader takes. */
export interface S3Shelf extends AsyncDisposable {
  /** What was asked on the way. */
  readonly seen: readonly Seen[];
  /** What the reader lists and reads. */
  readonly place: FilePlace;
  /** Writes an object below the location. */
  put(path: string, body: string | Uint8Array): Promise<void>;
  /** The one file that is listed. */
  only(): Promise<PlacedFile>;
  /** What goes wrong from now on, the first so many times. */
  breaks(what: (seen: Seen) => Fault | null, times?: number): void;
}

export const isList = ({ query }: Seen) => query.has("list-type");
export const isRead = (seen: Seen) => seen.method === "GET" && !isList(seen);

/** Opens where files are; waits between attempts are none. */
export const placeAt = (location: Partial<S3Location> & Pick<S3Location, "address">, signal?: AbortSignal): FilePlace =>
  openPlace(
    { id: "partners", kind: "csv", settings: { location: { kind: "s3", pathStyle: true, ...location }, name: "" } },
    { timer: systemTimer, random: () => 0, ...(signal && { signal }) },
  );

/** Makes a bucket with a location in it. */
export async function openShelf(
  server: S3Server,
  made: { versions?: boolean; bucket?: string; signal?: AbortSignal } = {},
): Promise<S3Shelf> {
  const bucket = await freshBucket(server, made);
  let [rule, left] = [(_: Seen): Fault | null => null, 0];
  const proxy = await openProxy(server.endpoint, (seen) => {
    const fault = left > 0 ? rule(seen) : null;
    if (fault) left -= 1;
    return fault;
  });
  const address = { bucket: made.bucket ?? bucket.name, prefix: "inbox/" };
  const place = placeAt({ address, endpoint: proxy.endpoint }, made.signal);
  return {
    seen: proxy.seen,
    place,
    put: async (path, Body) => {
      await bucket.admin.send(new PutObjectCommand({ Bucket: bucket.name, Key: `inbox/${path}`, Body }));
    },
    only: async () => {
      const [file, ...more] = await place.list("");
      if (file === undefined || more.length > 0) throw new Error(`${more.length + (file ? 1 : 0)} files are listed`);
      return file;
    },
    breaks: (what, times = Number.POSITIVE_INFINITY) => {
      [rule, left] = [what, times];
    },
    [Symbol.asyncDispose]: async () => {
      await place.close();
      await proxy[Symbol.asyncDispose]();
      bucket[Symbol.dispose]();
    },
  };
}

/** All bytes of a file. */
export async function read(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}
