/**
 * Writes a quantity as the API server stores it in resources (`0.5` -> `500m`, `1024Mi` -> `1Gi`, never finer than
 * 1/1000), so that a value we send comes back unchanged. Follows CanonicalizeBytes of k8s.io/apimachinery/pkg/api/resource
 * and the rounding of pod defaults. Throws if it is not a quantity.
 */
export function canonicalQuantity(quantity: string | number): string {
  const { suffix } = parse(quantity);
  const value = quantityValue(quantity);
  if (value === 0n) return "0";
  return BINARY.includes(suffix) ? binary(value) : decimal(value, /^[eE][+-]?\d/.test(suffix));
}

/** The number in thousandths, rounded up, to compare quantities. Throws if it is not a quantity. */
export function quantityValue(quantity: string | number): bigint {
  const { digits, decimals, suffix } = parse(quantity);
  const power = BINARY.indexOf(suffix) + 1;
  if (power > 0) return divideUp(digits * 1024n ** BigInt(power) * 1000n, 10n ** BigInt(decimals));
  const exponent = (suffix === "" ? 0 : (DECIMAL[suffix] ?? Number(suffix.slice(1)))) - decimals + 3;
  return exponent >= 0 ? digits * 10n ** BigInt(exponent) : divideUp(digits, 10n ** BigInt(-exponent));
}

const BINARY = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const DECIMAL: Record<string, number> = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const DECIMAL_SUFFIX = new Map(Object.entries(DECIMAL).map(([suffix, exponent]) => [exponent, suffix]));

function parse(quantity: string | number): { digits: bigint; decimals: number; suffix: string } {
  const match = /^\+?(\d*)(?:\.(\d*))?([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/.exec(String(quantity).trim());
  const [, whole = "", fraction = "", suffix = ""] = match ?? [];
  if (match === null || whole + fraction === "") throw new Error(`"${quantity}" is not a quantity`);
  return { digits: BigInt(whole + fraction), decimals: fraction.length, suffix };
}

function binary(value: bigint): string {
  // Below 1024, and where it would not be a whole number, the server falls back to decimal notation.
  if (value < 1024n * 1000n || value % 1000n !== 0n) return decimal(value, false);
  let mantissa = value / 1000n;
  let index = 0;
  while (index < BINARY.length && mantissa % 1024n === 0n) {
    mantissa /= 1024n;
    index += 1;
  }
  return `${mantissa}${index === 0 ? "" : BINARY[index - 1]}`;
}

function decimal(value: bigint, exponential: boolean): string {
  let mantissa = value;
  let exponent = -3;
  while (mantissa % 1000n === 0n && exponent < 18) {
    mantissa /= 1000n;
    exponent += 3;
  }
  if (exponent === 0) return String(mantissa);
  return exponential ? `${mantissa}e${exponent}` : `${mantissa}${DECIMAL_SUFFIX.get(exponent)}`;
}

function divideUp(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}
