const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  bytes: 1,
  k: 1024,
  kb: 1024,
  kibibytes: 1024,
  m: 1024 ** 2,
  mb: 1024 ** 2,
  mebibytes: 1024 ** 2,
  g: 1024 ** 3,
  gb: 1024 ** 3,
  gibibytes: 1024 ** 3,
  t: 1024 ** 4,
  tb: 1024 ** 4,
  tebibytes: 1024 ** 4,
};

/**
 * Bytes of a size as Flink writes it: `128 MB`, `1kb`, `512`. `undefined` for what is none.
 *
 * @example
 *   bytesOfText('1 kb'); // 1024
 * @see Flink: `MemorySize.parse`
 */
export function bytesOfText(text: string): number | undefined {
  const parts = /^(\d+)\s*([a-z]*)$/i.exec(text.trim());
  const unit = UNITS[(parts?.[2] ?? '?').toLowerCase()];
  const bytes = unit === undefined ? undefined : Number(parts?.[1]) * unit;
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
