import type { Engine } from "../../src/run/engine.ts";
import { deadlineTimer } from "../support/deadline-timer.ts";
import type { FilesHouse } from "../support/files-house.ts";
import type { Fault as Answer, Seen } from "../support/s3-proxy.ts";
import { type Due, type FileFault, type Met, PLACE_FAULTS } from "./file-faults.ts";

/** What goes wrong with a request; null for nothing. */
type Rule = (seen: Seen) => Answer | null;

/** A house over files in a bucket, behind a way on which things go wrong. */
export interface BucketHouse extends FilesHouse {
  rule(rule: Rule): void;
}

const isList = ({ query }: Seen) => query.has("list-type");
const isReadOf = (path: string) => (seen: Seen) => seen.method === "GET" && !isList(seen) && seen.path.endsWith(path);

/** So many requests of some go wrong, by default all. */
function wrong(is: (seen: Seen) => boolean, answer: Answer, times = Number.POSITIVE_INFINITY): Rule {
  let left = times;
  return (seen) => {
    if (left <= 0 || !is(seen)) return null;
    left -= 1;
    return answer;
  };
}

const until = (of: BucketHouse, rule: Rule, more: Omit<Met, "off">): Met => {
  of.rule(rule);
  return { ...more, off: async () => of.rule(() => null) };
};

/** Listings go wrong, so nothing is known of any file. */
const listing = (answer: Answer, times?: number) => async (of: BucketHouse) =>
  until(of, wrong(isList, answer, times), { about: [] });

/** Reading a file goes wrong. */
const reading =
  (answer: Answer, times?: number) =>
  async (of: BucketHouse, { acme }: Due) =>
    until(of, wrong(isReadOf(acme.path), answer, times), { about: [acme.path] });

/** The listing says that it goes on, and nothing comes of that. */
const halfListed = (): Rule => {
  const more = (body: string) =>
    body
      .replace("<IsTruncated>false<", "<IsTruncated>true<")
      .replace("</ListBucketResult>", "<NextContinuationToken>more</NextContinuationToken></ListBucketResult>");
  return (seen) => {
    if (!isList(seen)) return null;
    return seen.query.has("continuation-token") ? { answer: 500, code: "InternalError" } : { rewrite: more };
  };
};

/** The engine with a deadline for the source, on a timer. */
function withDeadline({ house }: FilesHouse, timer: Engine["timer"]): Partial<Engine> {
  const { pipeline: of } = house.engine;
  const sources = new Map([...of.sources].map(([id, source]) => [id, { ...source, deadlineSeconds: 60 }]));
  const pipeline = { ...of, sources };
  return { pipeline, reread: () => pipeline, timer };
}

/** What a service of S3 and the way to it do, beside what becomes of files. */
export const S3_FAULTS: readonly FileFault<BucketHouse>[] = [
  ...PLACE_FAULTS,
  { fault: "list_denied", says: "403 on the listing", on: listing({ answer: 403, code: "AccessDenied" }) },
  {
    fault: "expired_token",
    says: "403 on the listing, the token is expired",
    on: listing({ answer: 403, code: "ExpiredToken" }),
  },
  {
    fault: "clock_skew",
    says: "403 on the listing, the clock of this machine is wrong",
    on: listing({ answer: 403, code: "RequestTimeTooSkewed" }),
  },
  { fault: "no_bucket", says: "404, there is no such bucket", on: listing({ answer: 404, code: "NoSuchBucket" }) },
  {
    fault: "other_region",
    says: "301, the bucket is in another region",
    on: listing({ answer: 301, code: "PermanentRedirect" }),
  },
  { fault: "list_slow_down", says: "503 SlowDown on the listing, twice", on: listing({ answer: 503, code: "SlowDown" }, 2) },
  { fault: "list_slow_down", says: "503 SlowDown on the listing, for ever", on: listing({ answer: 503, code: "SlowDown" }) },
  { fault: "list_error", says: "500 on the listing, for ever", on: listing({ answer: 500, code: "InternalError" }) },
  { fault: "list_reset", says: "the connection breaks before the listing comes, twice", on: listing({ cut: "answer" }, 2) },
  { fault: "list_cut", says: "the listing breaks off, for ever", on: listing({ cutBodyAt: 200 }) },
  {
    fault: "list_page",
    says: "a further page of the listing fails, for ever",
    on: async (of) => until(of, halfListed(), { about: [] }),
  },
  {
    fault: "html_answer",
    says: "200 with a page of a proxy for the listing",
    on: listing({ rewrite: () => "<html><body>Sign in</body></html>" }),
  },
  { fault: "slow_down", says: "503 SlowDown on a file, twice", on: reading({ answer: 503, code: "SlowDown" }, 2) },
  { fault: "slow_down", says: "503 SlowDown on a file, for ever", on: reading({ answer: 503, code: "SlowDown" }) },
  { fault: "denied", says: "403 on a file", on: reading({ answer: 403, code: "AccessDenied" }) },
  { fault: "archived", says: "403 on a file, it is in an archive", on: reading({ answer: 403, code: "InvalidObjectState" }) },
  { fault: "not_found", says: "404 on a file that is listed", on: reading({ answer: 404, code: "NoSuchKey" }) },
  { fault: "reset", says: "the connection breaks before a file comes, for ever", on: reading({ cut: "answer" }) },
  { fault: "cut_body", says: "a file breaks off, twice", on: reading({ cutBodyAt: 100 }, 2) },
  { fault: "other_bytes", says: "a file comes with other bytes than its checksum is of", on: reading({ flip: "answer" }) },
  {
    fault: "silence",
    says: "a file stands still, until `deadline_seconds`",
    on: async (of, { acme }) => {
      const { timer, up } = deadlineTimer();
      const isRead = isReadOf(acme.path);
      const rule: Rule = (seen) => {
        if (!isRead(seen)) return null;
        up();
        return { stallBodyAt: 5 };
      };
      return until(of, rule, { about: [acme.path], meanwhile: { engine: withDeadline(of, timer) } });
    },
  },
  {
    fault: "manifest_denied",
    says: "403 on a manifest",
    on: async (of, { ship }) =>
      until(of, wrong(isReadOf(ship.path.replace(".csv.gz", ".json")), { answer: 403, code: "AccessDenied" }), {
        about: [ship.path],
      }),
  },
];
