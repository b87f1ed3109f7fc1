const two = (value: number): string => (value < 10 ? `0${value}` : String(value));

/** Seconds since 1970 as `2024-11-01 08:30:00`, in no time zone: as a till prints it. */
export function timeText(epochSeconds: number): string {
  const at = new Date(epochSeconds * 1000);
  const day = `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`;
  return `${day} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
}

/** The other way: `2024-11-01` in seconds since 1970. */
export function dayOf(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / 1000;
}
