// Flink reads the text of a literal with Java's SimpleDateFormat: digits may be missing, months and days must exist.

const DATE = /^\s*(\d+)-\s*(\d+)-\s*(\d+)/;
const TIME = /^\s*(\d+):\s*(\d+):\s*(\d+)/;

/** How much of `text` is a date, in characters; 0 if none is. */
function dateLength(text: string): number {
  const found = DATE.exec(text);
  if (found === null) return 0;
  const [year, month, day] = found.slice(1).map(Number) as [number, number, number];
  if (month < 1 || month > 12 || day < 1 || year < 1 || year > 9999) return 0;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0 || year < 1582);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] as number;
  return day <= days ? found[0].length : 0;
}

function timeLength(text: string): number {
  const found = TIME.exec(text);
  if (found === null) return 0;
  const [hour, minute, second] = found.slice(1).map(Number) as [number, number, number];
  return hour < 24 && minute < 60 && second < 60 ? found[0].length : 0;
}

const isFraction = (text: string): boolean => text === '' || /^\.\d*$/.test(text);

/** Whether the text can stand in a literal of that type. */
export function isDateTime(type: 'DATE' | 'TIME' | 'TIMESTAMP', text: string): boolean {
  if (type === 'TIME') {
    const length = timeLength(text);
    return length > 0 && isFraction(text.slice(length));
  }
  const length = dateLength(text);
  if (length === 0) return false;
  const rest = text.slice(length);
  if (type === 'DATE') return rest === '';
  if (isFraction(rest)) return true;
  const time = timeLength(rest.slice(1));
  return rest.startsWith(' ') && time > 0 && isFraction(rest.slice(1 + time));
}
