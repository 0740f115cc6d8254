import type { ColumnMoney, ColumnType } from "./contract.ts";
import { customValue, type PropertyPlace } from "./custom-property.ts";
import { MoneySchema, type OdcsProperty } from "./odcs-schema.ts";
import { badType, unknownColumn } from "./problems.ts";

/** The custom property by which a property says that it holds amounts. Others are the writer's own. */
const MONEY = "money";

const AMOUNTS: Readonly<Record<ColumnMoney["unit"], readonly ColumnType["kind"][]>> = {
  minor: ["integer"],
  major: ["decimal", "integer"],
};

/** What a property says of its amounts; undefined where it says nothing. What is wrong with it is reported. */
export function columnMoney(property: OdcsProperty, type: ColumnType, { path, scope }: PropertyPlace): ColumnMoney | undefined {
  const said = customValue(property, { name: MONEY, schema: MoneySchema }, { path, scope });
  if (said) checkMoney(said.value, { name: property.name, type }, { path: said.at, scope });
  return said?.value;
}

function checkMoney(
  money: ColumnMoney,
  amount: { readonly name: string; readonly type: ColumnType },
  place: PropertyPlace,
): void {
  const { document, problems, names, types } = place.scope;
  const at = (key: keyof ColumnMoney) => document.at([...place.path, key]);
  const kinds = AMOUNTS[money.unit];
  if (!kinds.includes(amount.type.kind)) {
    const says = `"${amount.name}" is of type ${amount.type.kind}; amounts in ${money.unit} units are ${kinds.join(" or ")}`;
    problems.push(badType(at("unit"), says, "correct the unit, or the column's logicalType"));
  }
  const currency = types.get(money.currency);
  if (!names.includes(money.currency)) problems.push(unknownColumn(at("currency"), money.currency, names));
  else if (currency && currency.kind !== "string") {
    const says = `the currency column "${money.currency}" is of type ${currency.kind}`;
    problems.push(badType(at("currency"), says, "name the column that holds the currency's code, with logicalType: string"));
  }
}
