import { z } from "zod";

/** Which service has a bucket, as object stores and sources write it. */
export const S3_SERVICE = {
  endpoint: z
    .string()
    .regex(/^(?:https?:\/\/[^@?#\s]+|\$\{.*)$/, "an address https://… without credentials")
    .optional()
    .describe("Address of a service other than AWS. Credentials come from the environment, never from this file"),
  region: z
    .string()
    .regex(/^(?:[a-z0-9-]+|\$\{.*)$/, "a region such as eu-central-1")
    .optional(),
  path_style: z.boolean().optional().describe("The bucket in the path, not in the host name; true where an endpoint is given"),
};
