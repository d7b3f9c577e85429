// Numbers of any size as decimal text: Terraform's numbers are wider than a double. Imports nothing.

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,6}))?$/;

/** True for what {@link decimalKey} understands, e.g. `-12.50` or `1e300`. */
export function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

/** One spelling for each number, so that equal numbers have equal keys: `1.50`, `15e-1` → `15e-1`. */
export function decimalKey(text: string): string {
  const match = DECIMAL.exec(text);
  if (match === null) throw new TypeError(`not a decimal number: ${text.slice(0, 40)}`);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const all = (whole + fraction).replace(/^0+/, '');
  // By hand: a pattern would look for the end anew from each zero inside.
  let end = all.length;
  while (end > 0 && all[end - 1] === '0') end--;
  const digits = all.slice(0, end);
  if (digits === '') return '0';
  const power = Number(exponent) - fraction.length + (all.length - digits.length);
  return `${sign === '-' ? '-' : ''}${digits}e${power}`;
}

/** Longer numbers keep their exponent: nobody needs a text of a million zeros. */
const MAX_PLAIN_DIGITS = 5_000;

/** A decimal number without exponent, leading or trailing zeros, as Terraform writes it into its state: `1.50e3` → `1500`. */
export function plainDecimal(text: string): string {
  if (/^(0|-?[1-9]\d*)$/.test(text)) return text;
  const key = decimalKey(text);
  const [, sign = '', digits = '0', exponent = '0'] = /^(-?)(\d+)(?:e(.+))?$/.exec(key) ?? [];
  const power = Number(exponent);
  if (Math.abs(power) > MAX_PLAIN_DIGITS) return key;
  if (power >= 0) return `${sign}${digits}${'0'.repeat(power)}`;
  const whole = digits.slice(0, power) || '0';
  return `${sign}${whole}.${digits.slice(power).padStart(-power, '0')}`;
}

/** The exact value of a finite double in decimal digits: `0.1` → `0.1000000000000000055511151231257827…`. */
export function exactDecimal(value: number): string {
  if (Number.isInteger(value)) return BigInt(value).toString();
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(value));
  const bits = view.getBigUint64(0);
  const biased = Number(bits >> 52n);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = biased === 0 ? fraction : fraction | 0x10000000000000n;
  // value = mantissa / 2^places, and 1/2^places = 5^places / 10^places
  const places = 1075 - Math.max(biased, 1);
  const digits = (mantissa * 5n ** BigInt(places)).toString().padStart(places + 1, '0');
  const text = `${digits.slice(0, -places)}.${digits.slice(-places)}`.replace(/0+$/, '');
  return value < 0 ? `-${text}` : text;
}

/**
 * The double that stands for a decimal text, if sending that double back as its shortest decimal gives the same number;
 * undefined where digits would be lost.
 */
export function toDouble(text: string): number | undefined {
  const value = Number(text);
  if (!Number.isFinite(value)) return undefined;
  return decimalKey(String(value)) === decimalKey(text) ? value : undefined;
}
