import { type Problem, problem } from "../../kernel/problem.ts";

const FULL = '`ledgerloop run --full --reason "…"`';

export function otherAccount(p: { source: string; feed: string; published: string; found: string }): Problem {
  return problem({
    code: "stripe.account",
    says: `The key of ${p.source} is of ${p.found}; what is published of ${p.feed} is of ${p.published}. Nothing of it would be found there.`,
    next: `give the key of ${p.published}, then \`ledgerloop run\`; or accept the other one with ${FULL}`,
  });
}

export function otherObject(p: { source: string; name: string; objects: number }): Problem {
  return problem({
    code: "stripe.other_object",
    says: `${p.source} gave another object than was asked for, for ${p.objects} of ${p.name}: nothing can be said of these by their ids.`,
    next: `read the feed whole: ${FULL}`,
  });
}

export function otherMode(source: string): Problem {
  return problem({
    code: "stripe.mode",
    says: `${source} gave objects of another mode than its key's: test and live objects never mix.`,
    next: "`ledgerloop doctor`",
  });
}

export function keyForm(source: string): Problem {
  return problem({
    code: "stripe.key",
    says: `The key of ${source} is none of Stripe's: one begins with rk_live_, rk_test_, sk_live_ or sk_test_.`,
    next: "correct what api_key names, then `ledgerloop doctor`",
  });
}

export function gapTooLong(p: { source: string; feed: string; days: number }): Problem {
  return problem({
    code: "stripe.gap",
    says: `${p.feed} was last read ${p.days} days ago, and Stripe's events live 30 days: what changed before them would not be seen.`,
    next: FULL,
  });
}

export function clockBehind(p: { source: string; feed: string; published: string; now: string }): Problem {
  return problem({
    code: "stripe.clock",
    says: `${p.feed} was read up to ${p.published}, and by the clocks of ${p.source} and of this machine it can be read up to ${p.now} now: one of them is or was wrong.`,
    next: `look at the time here (\`date\`); if the published one is wrong, ${FULL} reads everything again`,
  });
}

export function listUnsteady(p: { source: string; name: string; times: number }): Problem {
  return problem({
    code: "stripe.unsteady",
    says: `The list "${p.name}" of ${p.source} lost the object that its next page begins behind, ${p.times} times.`,
    next: "repeat the same `ledgerloop run` a little later",
  });
}

export function listWithoutEnd(p: { source: string; name: string }): Problem {
  return problem({
    code: "stripe.list",
    says: `The list "${p.name}" of ${p.source} says that it goes on, and gives no object to go on from.`,
    next: "repeat the same `ledgerloop run` a little later",
  });
}

export function clockUnsteady(source: string): Problem {
  return problem({
    code: "stripe.clock",
    says: `Answers of ${source} disagree by more than a minute on what time it is (Date), so nothing is known to be complete.`,
    next: "look whether a proxy stands in between, then repeat the same `ledgerloop run`",
  });
}

export function tooManyForbidden(p: { source: string; name: string; objects: number }): Problem {
  return problem({
    code: "stripe.forbidden",
    says: `${p.source} does not show ${p.objects} objects of "${p.name}" to this key.`,
    next: "give the key the right to read them (docs/stripe.md), then `ledgerloop run`",
  });
}

export function answerRefusedBecause(p: { source: string; name: string; code: string }): Problem {
  return problem({
    code: "stripe.refused",
    says: `${p.source} refused the request "${p.name}": ${p.code}.`,
    next: "`ledgerloop doctor`",
  });
}

export function noDate(source: string): Problem {
  return problem({
    code: "stripe.date",
    says: `${source} does not say what time it is there (Date), so nothing is known to be complete.`,
    next: "look whether a proxy stands in between, then repeat the same `ledgerloop run`",
  });
}

export function budgetTooSmall(p: { source: string; requests: string }): Problem {
  return problem({
    code: "stripe.budget",
    says: `The budget of ${p.source} (${p.requests}) ended before an hour of changes was read: nothing would ever be complete.`,
    next: "raise budget in the source's file, then `ledgerloop run`",
  });
}
