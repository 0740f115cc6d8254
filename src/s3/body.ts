import type { Readable } from "node:stream";
import type { GetObjectCommandOutput } from "@aws-sdk/client-s3";
import { BrokenBody } from "./failure-of.ts";

/**
 * The bytes of an answer.
 * @throws BrokenBody when the connection breaks, or at the end when they do not fit the checksum that came with them.
 */
export async function* bodyOf({ Body }: GetObjectCommandOutput): AsyncGenerator<Uint8Array> {
  if (!Body) return;
  try {
    for await (const chunk of Body as Readable) yield chunk as Uint8Array;
  } catch (error) {
    throw new BrokenBody(error);
  }
}
