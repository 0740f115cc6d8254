import { type Act, currency, day, drawn, idOf, type Living, leaves, money } from "./living.ts";

const OPEN = ["Prospecting", "Qualification", "Proposal/Price Quote", "Negotiation/Review"];
const CHANCES = [10, 20, 65, 80];

/** Somebody may buy. */
export const newOpportunity: Act = (living) => {
  const { org, random, stage } = living;
  const account = drawn(living, stage.accounts);
  if (!account) return;
  const id = org.books.create("Opportunity", {
    AccountId: idOf(account),
    Name: `Renewal ${random.code(4)}`,
    StageName: OPEN[0],
    Probability: CHANCES[0],
    Amount: random.chance(0.15) ? null : money(random),
    CloseDate: day(living, random.int(10, 120)),
    ...currency(living),
  });
  stage.opportunities.push(id);
  living.tell("new opportunity");
};

/** It becomes more likely, or the price another. */
export const moveOpportunity: Act = (living) => {
  const { org, random, stage } = living;
  const deal = drawn(living, stage.opportunities);
  if (!deal) return;
  const step = random.int(0, OPEN.length - 1);
  const moved = { StageName: OPEN[step], Probability: CHANCES[step] };
  const changes = [moved, { ...moved, Amount: money(random) }, { CloseDate: day(living, random.int(1, 90)) }];
  org.books.update(idOf(deal), random.pick(changes));
  living.tell("opportunity moved on");
};

function newOrder(living: Living, deal: string): void {
  const { org, random, stage } = living;
  const { AccountId, Amount, CurrencyIsoCode } = org.books.find(deal) ?? {};
  if (typeof AccountId !== "string") return;
  const id = org.books.create("Order", {
    AccountId,
    OpportunityId: deal,
    Status: "Draft",
    EffectiveDate: day(living, 0),
    EndDate: random.chance(0.5) ? day(living, 365) : null,
    TotalAmount: typeof Amount === "string" ? Amount : money(random),
    ...(CurrencyIsoCode ? { CurrencyIsoCode } : {}),
  });
  stage.orders.push(id);
  living.tell("new order");
}

/** It is won, and ordered, or lost. */
export const closeOpportunity: Act = (living) => {
  const { org, random, stage } = living;
  const deal = drawn(living, stage.opportunities);
  if (!deal) return;
  const won = random.chance(0.6);
  org.books.update(idOf(deal), {
    StageName: won ? "Closed Won" : "Closed Lost",
    Probability: won ? 100 : 0,
    CloseDate: day(living, 0),
    Signed__c: won ? org.clock.now() : null,
  });
  leaves(stage.opportunities, idOf(deal));
  living.tell("closed opportunity");
  if (won) newOrder(living, idOf(deal));
};

/** An order is activated, given up, or costs something else. */
export const changeOrder: Act = (living) => {
  const { org, random, stage } = living;
  const order = drawn(living, stage.orders);
  if (!order) return;
  const changes = [{ Status: "Activated" }, { Status: "Canceled" }, { TotalAmount: money(random) }];
  org.books.update(idOf(order), random.pick(changes));
  living.tell("changed order");
};
