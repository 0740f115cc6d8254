import { type Problem, problem } from "../../kernel/problem.ts";

const FULL = '`ledgerloop run --full --reason "…"`';
const AGAIN = "repeat the same `ledgerloop run` a little later";
const PROXY = "look whether a proxy stands in between, then repeat the same `ledgerloop run`";

interface Named {
  readonly source: string;
  /** What was asked for: `query Account`. */
  readonly name: string;
}

export function privateKeyForm(source: string): Problem {
  return problem({
    code: "salesforce.private_key",
    says: `What login.private_key of ${source} names is no private RSA key in PEM.`,
    next: "correct what it names, then `ledgerloop doctor`",
  });
}

export function loginRefused(p: { source: string; reason: string }): Problem {
  return problem({
    code: "salesforce.login",
    says: `${p.source} does not log the connected app in: ${p.reason}.`,
    next: "compare login in the source's file with the connected app (docs/salesforce.md), then `ledgerloop doctor`",
  });
}

export function loginAnswer(source: string): Problem {
  return problem({ code: "salesforce.token", says: `${source} answered a login without a token.`, next: PROXY });
}

export function otherAddress(p: { source: string; address: string }): Problem {
  return problem({
    code: "salesforce.address",
    says: `The org of ${p.source} is at ${p.address}, not at the address that is configured.`,
    next: `write address: ${p.address}, then \`ledgerloop doctor\``,
  });
}

export function sessionRefused({ source, name }: Named): Problem {
  return problem({
    code: "salesforce.session",
    says: `${source} gives a token and does not take it, asked to ${name}.`,
    next: "look at the session policies of the connected app and its IP ranges, then `ledgerloop doctor`",
  });
}

/** Of an org that has used a share of its requests; `used` is null where it takes none any more. */
export function limitReached(p: { source: string; used: { used: number; most: number; share: number } | null }): Problem {
  const next =
    "wait: the count is of the last 24 hours and falls hour by hour (Setup, System Overview, shows who asks), then repeat the same `ledgerloop run`";
  const code = "salesforce.limit";
  if (p.used === null) {
    const says = `${p.source} takes no requests any more: the org's API requests of 24 hours are used up, or too many are on their way.`;
    return problem({ code, says, next });
  }
  const { used, most, share } = p.used;
  const left = Math.max(0, most - used);
  const says = `${p.source} has used ${used} of the ${most} API requests of 24 hours, and runs leave off at ${share * 100} %: ${left} are left to others.`;
  return problem({ code, says, next });
}

export function refused(p: Named & { code: string }): Problem {
  return problem({
    code: "salesforce.refused",
    says: `${p.source} refused to ${p.name}: ${p.code}.`,
    next: "`ledgerloop doctor`",
  });
}

export function notJson({ source, name }: Named): Problem {
  return problem({
    code: "salesforce.json",
    says: `${source} answered with something else than JSON, asked to ${name}.`,
    next: PROXY,
  });
}

export function pageUnreadable({ source, name }: Named): Problem {
  return problem({
    code: "salesforce.page",
    says: `${source} answered with something else than a page of records, asked to ${name}.`,
    next: PROXY,
  });
}

export function noDate(source: string): Problem {
  return problem({
    code: "salesforce.date",
    says: `${source} does not say what time it is there (Date), so nothing is known to be complete.`,
    next: PROXY,
  });
}

export function clockUnsteady(source: string): Problem {
  return problem({
    code: "salesforce.clock",
    says: `Answers of ${source} disagree by more than a minute on what time it is (Date), so nothing is known to be complete.`,
    next: PROXY,
  });
}

export function clockBehind(p: { source: string; feed: string; published: string; now: string }): Problem {
  return problem({
    code: "salesforce.clock",
    says: `${p.feed} was read up to ${p.published}, and ${p.source} says that it can be read up to ${p.now} now: one of them is or was wrong.`,
    next: `repeat the same \`ledgerloop run\` later; if the published one is wrong, ${FULL} reads everything again`,
  });
}

export function otherOrg(p: { source: string; feed: string; published: string; found: string }): Problem {
  return problem({
    code: "salesforce.org",
    says: `The login of ${p.source} is of ${p.found}; what is published of ${p.feed} is of ${p.published}. Its ids would be others.`,
    next: `log in to ${p.published}, then \`ledgerloop run\`; or accept the other one with ${FULL}`,
  });
}

export function viewAllMissing(source: string): Problem {
  return problem({
    code: "salesforce.view_all",
    says: `The integration user of ${source} does not have the permission "View All Data": records that are not shared with it would be missing, and would look deleted.`,
    next: 'give it a permission set with "View All Data", then `ledgerloop doctor`',
  });
}

export function objectUnseen(p: { source: string; feed: string; object: string }): Problem {
  return problem({
    code: "salesforce.object",
    says: `${p.source} shows no object ${p.object} to this user, which ${p.feed} is of.`,
    next: "correct object, or let the user read it (object permissions), then `ledgerloop doctor`",
  });
}

/** Of an object without a recycle bin, as User is, or one that the org keeps no log of. */
export function objectUntold(p: { source: string; object: string; lacks: string }): Problem {
  return problem({
    code: "salesforce.object",
    says: `${p.object} of ${p.source} has no ${p.lacks}, so that nothing tells what changed or was deleted there.`,
    next: "take its feed out of the source's file and out of its group, then `ledgerloop doctor`",
  });
}

export function fieldsUnseen(p: { source: string; feed: string; object: string; fields: readonly string[] }): Problem {
  const [is, them] = p.fields.length === 1 ? ["is a declared field", "it"] : ["are declared fields", "them"];
  return problem({
    code: "salesforce.fields",
    says: `${p.fields.join(", ")} ${is} of ${p.feed}, and ${p.source} does not show ${them} to this user in ${p.object}: removed, renamed, or hidden by field-level security.`,
    next: "let the user read it in Salesforce, or correct physicalName in the contract, then `ledgerloop doctor`",
  });
}

export function fieldsVolatile(p: { feed: string; fields: readonly string[] }): Problem {
  return problem({
    code: "salesforce.volatile",
    says: `${p.fields.join(", ")} of ${p.feed}: formulas, and fields of other objects, which change without a stamp, so that no hourly run sees it.`,
    next: "take them out of the contract, or write volatile: nightly at the feed and run `ledgerloop run --nets` each night",
  });
}

export function fieldsCompound(p: { feed: string; fields: readonly string[] }): Problem {
  return problem({
    code: "salesforce.compound",
    says: `${p.fields.join(", ")} of ${p.feed} have no text of their own: they are made of other fields, or of bytes.`,
    next: "declare their parts (BillingCity, not BillingAddress), then `ledgerloop doctor`",
  });
}

export function currencyUnknown(p: { source: string; feed: string; isMulti: boolean }): Problem {
  return problem({
    code: "salesforce.currency",
    says: p.isMulti
      ? `${p.source} has several currencies, and the currency of ${p.feed} is not the field CurrencyIsoCode.`
      : `${p.source} has a single currency, its records name none, and nothing says which it is.`,
    next: p.isMulti
      ? "give the column that money.currency names physicalName: CurrencyIsoCode, and remove currency from the source's file"
      : "write currency: EUR (or whatever it is) in the source's file, then `ledgerloop doctor`",
  });
}

export function horizonUnknown(p: { source: string; object: string }): Problem {
  return problem({
    code: "salesforce.horizon",
    says: `More records of ${p.object} changed at ${p.source} in the last minute than it lists (EXCEEDED_ID_LIMIT), so that nothing says up to when they are complete.`,
    next: AGAIN,
  });
}

export function pagesShort(p: Named & { found: number; said: number | null }): Problem {
  return problem({
    code: "salesforce.count",
    says:
      p.said === null
        ? `${p.source} does not say how many records it gave, asked to ${p.name}, so that nothing proves that they are all there.`
        : `${p.source} gave ${p.found} records and says that they are ${p.said}, asked to ${p.name}.`,
    next: AGAIN,
  });
}

export function jobFailed(p: Named & { times: number }): Problem {
  return problem({
    code: "salesforce.job",
    says: `A job of ${p.source} to ${p.name} failed, ${p.times} times.`,
    next: `${AGAIN}; Setup, Bulk Data Load Jobs, shows why`,
  });
}

export function jobSlow(p: Named & { minutes: number }): Problem {
  return problem({
    code: "salesforce.job_slow",
    says: `A job of ${p.source} to ${p.name} was not done in ${p.minutes} minutes.`,
    next: `${AGAIN}: it goes on with the same job`,
  });
}

export function totalsDiffer(p: { source: string; object: string; told: string; times: number }): Problem {
  return problem({
    code: "salesforce.totals",
    says: `What was read of ${p.object} is not what ${p.source} counts, ${p.times} times, and no change meanwhile explains it: ${p.told}.`,
    next: `${AGAIN}; if it stays, look whether the user may read every record and field`,
  });
}
