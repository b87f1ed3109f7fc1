import type { FrameView } from '../core/frames.js';

/** What is read of a danfojs-node 1.2 `DataFrame` or `Series`; the package itself (slow to load) is not needed. */
interface DanfoFrame {
  readonly $isSeries: boolean;
  readonly columns: readonly string[];
  readonly dtypes: readonly string[];
  readonly index: readonly (string | number)[];
  readonly shape: readonly [number, number];
  readonly values: readonly unknown[];
}

function isDanfo(value: object): value is DanfoFrame {
  const frame = value as Partial<DanfoFrame>;
  return (
    typeof frame.$isSeries === 'boolean' &&
    Array.isArray(frame.columns) &&
    Array.isArray(frame.dtypes) &&
    Array.isArray(frame.shape) &&
    Array.isArray(frame.values)
  );
}

/**
 * The view of a danfojs frame or series with the types danfojs gave its columns. Its index is a column of its own
 * unless it only counts the rows.
 *
 * @see danfojs: DataFrame, Series
 */
export function danfoView(value: object): FrameView | undefined {
  if (!isDanfo(value)) return undefined;
  const { values, index, $isSeries } = value;
  const counting = index.every((label, i) => label === i);
  const columns = value.columns.map((name, i) => {
    const type = value.dtypes[i];
    const shown = $isSeries && name === '0' ? 'value' : String(name);
    return type === undefined ? { name: shown } : { name: shown, type };
  });
  if (!counting) columns.unshift({ name: 'index' });
  return {
    columns,
    rowCount: values.length,
    row: (at) => {
      const row = $isSeries ? [values[at]] : (values[at] as readonly unknown[]);
      return counting ? row : [index[at], ...row];
    },
  };
}
