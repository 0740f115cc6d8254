/**
 * Digits behind the point of currencies by ISO 4217; two for every other one. A pipeline declares its own: a contract alone does not
 * know them.
 */
export const ISO_EXPONENTS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" ").map((code) => [code, 0]),
  ),
  ...Object.fromEntries("BHD IQD JOD KWD LYD OMN TND".split(" ").map((code) => [code, 3])),
  CLF: 4,
  UYW: 4,
  "*": 2,
};
