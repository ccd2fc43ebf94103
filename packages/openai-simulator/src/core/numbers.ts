const SMALL = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
  'thirteen',
  'fourteen',
  'fifteen',
  'sixteen',
  'seventeen',
  'eighteen',
  'nineteen',
];
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];

function spellInteger(value: number): string {
  const small = SMALL[value];
  if (small !== undefined) return small;
  if (value > 99) return String(value);
  const rest = value % 10;
  const tens = TENS[Math.floor(value / 10)] ?? '';
  return rest === 0 ? tens : `${tens}-${SMALL[rest] ?? ''}`;
}

/** Seconds with one decimal, as digits: `2.1`. */
export const formatSeconds = (ms: number): string => (Math.round(ms / 100) / 10).toFixed(1);

/** Seconds with one decimal, as words: `two point one`. */
export function spellSeconds(ms: number): string {
  const tenths = Math.round(ms / 100);
  const whole = spellInteger(Math.floor(tenths / 10));
  return `${whole} point ${spellInteger(tenths % 10)}`;
}
