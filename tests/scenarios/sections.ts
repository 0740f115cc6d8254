import { CSV_FAULTS } from "./csv-faults.ts";
import type { Section } from "./matrix.ts";
import { POSTGRES_FAULTS } from "./postgres-faults.ts";
import { S3_FAULTS } from "./s3-faults.ts";
import { SALESFORCE_FAULTS } from "./salesforce-faults.ts";
import { FAULTS } from "./stripe-faults.ts";

export const POSTGRES: Section = { mark: "postgres", faults: POSTGRES_FAULTS, playedBy: "postgres-faults.test.ts" };
export const CSV: Section = { mark: "csv", faults: CSV_FAULTS, playedBy: "csv-faults.test.ts" };
export const S3: Section = { mark: "s3", faults: S3_FAULTS, playedBy: "s3-faults.test.ts" };
export const STRIPE: Section = { mark: "stripe", faults: FAULTS, playedBy: "stripe-faults.test.ts" };
export const SALESFORCE: Section = { mark: "salesforce", faults: SALESFORCE_FAULTS, playedBy: "salesforce-faults.test.ts" };

/** Every source of docs/fault-matrix.md. */
export const SECTIONS = [POSTGRES, CSV, S3, STRIPE, SALESFORCE] as const;
