import { type Act, currency, drawn, idOf, type Living, money } from "./living.ts";

const FIRST = ["Ada", "Bo", "Chloë", "Dirk", "Eva", "Finn", "Gül", "Hugo", "Ines", "Jan"];
const LAST = ["de Vries", "Jansen", "Müller", "O'Hara", "Peeters", "Rossi", "Smit", "van Dam", "Visser", "Łuczak"];
const WORDS = ["Noord", "Delta", "Amstel", "Kompas", "Linde", "Merel", "Ooster", "Veld"];
const KINDS = ["Handel", "Techniek", "Bouw", "Logistiek", "Energie"];
const FORMS = ["B.V.", "N.V.", 'Groep "Oost"', "GmbH, Zweigstelle NL"];
const CITIES = ["Amsterdam", "Gent", "Köln", "Lille", "Utrecht"];
const INDUSTRIES = ["Banking", "Energy", "Retail", "Technology", null];

const phone = ({ random }: Living) => `+31 20 ${random.int(1_000_000, 9_999_999)}`;

const company = ({ random }: Living) => `${random.pick(WORDS)} ${random.pick(KINDS)} ${random.pick(FORMS)}`;

/** A company becomes known. */
export const newAccount: Act = (living) => {
  const { org, random, stage } = living;
  const known = random.chance(0.8);
  const id = org.books.create("Account", {
    Name: company(living),
    Type: random.pick(["Prospect", "Customer - Direct", "Customer - Channel"]),
    Industry: random.pick(INDUSTRIES),
    Phone: random.chance(0.7) ? phone(living) : null,
    AnnualRevenue: known ? random.int(50, 900_000) * 1000 : null,
    NumberOfEmployees: known ? random.int(1, 9000) : null,
    BillingStreet: known ? `Kade ${random.int(1, 300)}\n${random.pick(["2e verdieping", "achterhuis"])}` : null,
    BillingCity: known ? random.pick(CITIES) : null,
    Description: random.chance(0.3) ? `Says: "call back",\nsince ${random.code(5)}` : null,
    ...currency(living),
  });
  stage.accounts.push(id);
  living.tell("new account");
};

/** Somebody puts right what is known of a company. */
export const changeAccount: Act = (living) => {
  const { org, random, stage } = living;
  const account = drawn(living, stage.accounts);
  if (!account) return;
  const changes = [
    { Phone: phone(living) },
    { AnnualRevenue: random.int(50, 900_000) * 1000, NumberOfEmployees: random.int(1, 9000) },
    { BillingCity: random.pick(CITIES), Industry: random.pick(INDUSTRIES) },
    { Name: company(living) },
    { Description: null },
  ];
  org.books.update(idOf(account), random.pick(changes));
  living.tell("changed account");
};

/** A company has one more person. */
export const newContact: Act = (living) => {
  const { org, random, stage } = living;
  const account = drawn(living, stage.accounts);
  if (!account) return;
  const id = org.books.create("Contact", {
    AccountId: idOf(account),
    FirstName: random.chance(0.9) ? random.pick(FIRST) : null,
    LastName: random.pick(LAST),
    Email: random.chance(0.8) ? `${random.code(8)}@example.com` : null,
    Birthdate: random.chance(0.2) ? `19${random.int(50, 99)}-0${random.int(1, 9)}-${random.int(10, 28)}` : null,
    MailingCity: random.chance(0.5) ? random.pick(CITIES) : null,
    ...currency(living),
  });
  stage.contacts.push(id);
  living.tell("new contact");
};

/** A person has another name, address or employer. */
export const changeContact: Act = (living) => {
  const { org, random, stage } = living;
  const contact = drawn(living, stage.contacts);
  const account = drawn(living, stage.accounts);
  if (!contact || !account) return;
  const changes = [{ LastName: random.pick(LAST) }, { Email: `${random.code(8)}@example.com` }, { AccountId: idOf(account) }];
  org.books.update(idOf(contact), random.pick(changes));
  living.tell("changed contact");
};

/** What was used of the service is measured, several rows at once, by nobody. */
export const measure: Act = (living) => {
  const { org, random, stage } = living;
  const account = drawn(living, stage.accounts);
  if (!account) return;
  const { CurrencyIsoCode } = account;
  for (let row = random.int(2, 6); row > 0; row--) {
    org.books.create("Usage__c", {
      Name: `U-${random.code(8)}`,
      Account__c: idOf(account),
      Units__c: `${random.int(0, 99_999_999)}.${random.int(1, 9)}`,
      Fee__c: random.chance(0.1) ? null : money(random),
      Count__c: random.int(0, 500),
      Measured__c: org.clock.now(),
      Day__c: org.clock.now(),
      Billable__c: random.chance(0.8),
      ...(CurrencyIsoCode ? { CurrencyIsoCode } : {}),
    });
  }
  living.tell("measurement of usage");
};

/** Automation goes over some rows: their stamp moves, and nothing else does. */
export const touch: Act = (living) => {
  const { org, random, stage } = living;
  for (let row = random.int(1, 4); row > 0; row--) {
    const account = drawn(living, random.chance(0.5) ? stage.accounts : stage.opportunities);
    if (!account) continue;
    org.books.touch(idOf(account));
    living.tell("row touched by automation");
  }
};
