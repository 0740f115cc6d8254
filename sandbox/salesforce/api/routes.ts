import { limits, recordCount, resources } from "./about.ts";
import type { Route } from "./asked.ts";
import { describe, describeAll, describeBriefly } from "./describe.ts";
import { abortJob, createJob, deleteJob, jobState, listJobs } from "./jobs.ts";
import { nextPage, query } from "./query.ts";
import { deleted, updated } from "./replication.ts";
import { results } from "./results.ts";
import { createRow, deleteRow, getRow, updateRow } from "./rows.ts";

/** Every address behind `/services/data/vNN.N`. */
export const ROUTES: readonly Route[] = [
  { method: "GET", path: /^\/?$/, shape: "other", answer: resources },
  { method: "GET", path: /^\/limits\/?$/, shape: "other", answer: limits },
  { method: "GET", path: /^\/limits\/recordCount$/, shape: "other", answer: recordCount },
  { method: "GET", path: /^\/query\/?$/, shape: "query", answer: (asked) => query(asked, false) },
  { method: "GET", path: /^\/queryAll\/?$/, shape: "query", answer: (asked) => query(asked, true) },
  { method: "GET", path: /^\/query(?:All)?\/(\w+)-(\d+)$/, shape: "query_page", answer: nextPage },
  { method: "POST", path: /^\/jobs\/query\/?$/, shape: "job_create", answer: createJob },
  { method: "GET", path: /^\/jobs\/query\/?$/, shape: "other", answer: listJobs },
  { method: "GET", path: /^\/jobs\/query\/(\w+)\/?$/, shape: "job_status", answer: jobState },
  { method: "PATCH", path: /^\/jobs\/query\/(\w+)\/?$/, shape: "other", answer: abortJob },
  { method: "DELETE", path: /^\/jobs\/query\/(\w+)\/?$/, shape: "other", answer: deleteJob },
  { method: "GET", path: /^\/jobs\/query\/(\w+)\/results\/?$/, shape: "job_results", answer: results },
  { method: "GET", path: /^\/sobjects\/?$/, shape: "describe", answer: describeAll },
  { method: "GET", path: /^\/sobjects\/(\w+)\/describe\/?$/, shape: "describe", answer: describe },
  { method: "GET", path: /^\/sobjects\/(\w+)\/updated\/?$/, shape: "updated", answer: updated },
  { method: "GET", path: /^\/sobjects\/(\w+)\/deleted\/?$/, shape: "deleted", answer: deleted },
  { method: "GET", path: /^\/sobjects\/(\w+)\/?$/, shape: "describe", answer: describeBriefly },
  { method: "POST", path: /^\/sobjects\/(\w+)\/?$/, shape: "other", answer: createRow },
  { method: "GET", path: /^\/sobjects\/(\w+)\/(\w+)$/, shape: "row", answer: getRow },
  { method: "PATCH", path: /^\/sobjects\/(\w+)\/(\w+)$/, shape: "other", answer: updateRow },
  { method: "DELETE", path: /^\/sobjects\/(\w+)\/(\w+)$/, shape: "other", answer: deleteRow },
];
