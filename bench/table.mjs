/**
 * @param {readonly number[]} values at least one
 * @returns {number} the one in the middle; of two in the middle, the greater
 */
export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/**
 * A line per engine, a column per number.
 *
 * @param {Record<string, Record<string, unknown>>} results
 */
export function formatTable(results) {
  const columns = [...new Set(Object.values(results).flatMap((result) => Object.keys(result)))].filter(
    (name) => name !== 'runs',
  );
  const rows = [
    ['engine', ...columns],
    ...Object.entries(results).map(([engine, result]) => [engine, ...columns.map((name) => cell(result[name]))]),
  ];
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row.map((text, i) => (i === 0 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0))).join('  '),
    )
    .join('\n');
}

/** @param {unknown} value */
function cell(value) {
  if (typeof value === 'number')
    return value.toLocaleString('en-GB', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 });
  return value === undefined ? '-' : String(value);
}
