// Values between Flink and a function: what the engine in Node does in core/values/cells.ts, and with the same words
// where a value is refused. What crosses is null, booleans, numbers, texts and lists of these. A function of the class
// of moments.
(Timestamp) => {
  /** Thrown where a value is not of its type; its message is shown as it is. */
  class Refusal extends Error {}

  const DAY_MS = 86400000;

  function shown(value) {
    if (typeof value === 'string') return `'${value.length > 80 ? `${value.slice(0, 80)}...` : value}'`;
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value === 'object' && value !== null) {
      return Array.isArray(value) ? 'an array' : `an object (${Object.prototype.toString.call(value).slice(8, -1)})`;
    }
    return typeof value === 'function' ? 'a function' : String(value);
  }

  // Dates and times as text.

  const dateText = (day) =>
    Timestamp.ofMs(day * DAY_MS)
      .format(0)
      .slice(0, -9);
  const timeText = (msOfDay, digits) => Timestamp.ofMs(msOfDay).format(digits).slice(11);

  const DATE = /^[+-]?\d{1,6}-\d{1,2}-\d{1,2}$/;
  const TIME = /^\d{1,2}:\d{1,2}(:\d{1,2}(\.\d{1,9})?)?$/;

  function parseDate(text) {
    const day = DATE.test(text) ? Timestamp.tryParse(text) : undefined;
    return day && day.ms / DAY_MS;
  }

  const parseTime = (text) => (TIME.test(text) ? Timestamp.tryParse(`1970-01-01 ${text}`)?.ms : undefined);

  // Numbers.

  const RANGES = { TINYINT: 2 ** 7, SMALLINT: 2 ** 15, INTEGER: 2 ** 31 };
  const MAX_LONG = 2n ** 63n - 1n;
  const MAX_PRECISION = 38;

  const floatOf = (text) => Math.fround(Number(text));

  /** The double with the fewest digits among those that round to a FLOAT: `0.1` for `Math.fround(0.1)`. */
  function floatOut(value) {
    if (!Number.isFinite(value) || value === 0) return value;
    const size = Math.abs(value);
    const shortest = Number(shortestText(size));
    return value < 0 ? -shortest : shortest;
  }

  /** Six digits are always right, but for the smallest; nine always tell FLOATs apart. */
  function shortestText(size) {
    for (let digits = size < 1.1754943508222875e-38 ? 1 : 6; digits < 9; digits++) {
      const text = size.toExponential(digits - 1);
      if (floatOf(text) === size) return evenOnTie(text, size, digits);
      // At a power of two the next decimal above can read back when the closest, below, does not.
      const above = nextDecimal(text);
      if (floatOf(above) === size) return above;
    }
    return size.toExponential(8);
  }

  /** Half-way between two decimals JavaScript takes the larger, Java the one with the even digit. */
  function evenOnTie(text, size, digits) {
    const end = text.indexOf('e');
    if ((text.charCodeAt(end - 1) & 1) === 0) return text;
    const exact = size.toExponential(100).replace('.', '');
    if (!/^50*e/.test(exact.slice(digits))) return text;
    const lower = text.slice(0, end - 1) + (Number(text[end - 1]) - 1) + text.slice(end);
    return floatOf(lower) === size ? lower : text;
  }

  function nextDecimal(text) {
    const at = text.indexOf('e');
    const digits = text.slice(0, at).replace('.', '');
    return `${BigInt(digits) + 1n}e${Number(text.slice(at + 1)) - digits.length + 1}`;
  }

  const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

  /** Whole numbers of the last digit, rounded half up, as text; `undefined` for what is no such DECIMAL. */
  function decimalIn(text, precision, scale) {
    const found = DECIMAL.exec(text);
    if (found === null) return undefined;
    const [, sign, whole = '', fraction = '', exponent = '0'] = found;
    if (whole === '' && fraction === '') return undefined;
    const given = fraction.length - Number(exponent);
    const significant = `${whole}${fraction}`.replace(/^0+/, '');
    if (significant === '' || significant.length - given < -MAX_PRECISION - 1) return '0';
    if (significant.length - given > MAX_PRECISION) return undefined;
    let units = BigInt(significant);
    if (scale >= given) units *= 10n ** BigInt(scale - given);
    else {
      const unit = 10n ** BigInt(given - scale);
      const rest = units % unit;
      units = units / unit + (rest * 2n >= unit ? 1n : 0n);
    }
    if (units >= 10n ** BigInt(precision)) return undefined;
    return sign === '-' && units !== 0n ? `-${units}` : String(units);
  }

  // Bytes, as text with a character each.

  function bytesOut(text) {
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes;
  }

  function bytesIn(bytes) {
    let text = '';
    for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096));
    return text;
  }

  /** What a function gets of a type: a function of what has crossed, or `undefined` where that is it already. */
  function reading(type) {
    switch (type.root) {
      case 'BIGINT':
        return type.bigint ? BigInt : undefined;
      case 'FLOAT':
        return floatOut;
      case 'DATE':
        return dateText;
      case 'TIME_WITHOUT_TIME_ZONE': {
        const digits = Math.min(3, type.precision);
        return (ms) => timeText(ms, digits);
      }
      case 'TIMESTAMP_WITHOUT_TIME_ZONE':
      case 'TIMESTAMP_WITH_LOCAL_TIME_ZONE':
        return (moment) => (typeof moment === 'number' ? Timestamp.ofMs(moment) : Timestamp.ofMs(moment[0], moment[1]));
      case 'BINARY':
      case 'VARBINARY':
        return bytesOut;
      case 'ARRAY': {
        const one = reader(type.children[0]);
        return (list) => Array.from({ length: list.length }, (_, i) => one(list[i]));
      }
      case 'MAP':
      case 'MULTISET': {
        const key = reader(type.children[0]);
        const item = type.root === 'MAP' ? reader(type.children[1]) : (count) => count;
        return ([keys, items]) => {
          const map = new Map();
          for (let i = 0; i < keys.length; i++) map.set(key(keys[i]), item(items[i]));
          return map;
        };
      }
      case 'ROW': {
        const { names } = type;
        const each = type.children.map(reader);
        return (values) => {
          const row = {};
          for (let i = 0; i < names.length; i++) define(row, names[i], each[i](values[i]));
          return row;
        };
      }
      default:
        return undefined;
    }
  }

  function define(row, name, value) {
    if (name === '__proto__') Object.defineProperty(row, name, { value, enumerable: true });
    else row[name] = value;
  }

  function reader(type) {
    const read = reading(type);
    if (read === undefined) return (value) => value;
    return (value) => (value === null ? null : read(value));
  }

  /** The other way; `undefined` for a value that is not of the type. */
  function writing(type, where) {
    switch (type.root) {
      case 'CHAR':
      case 'VARCHAR':
        return (value) => (typeof value === 'string' ? value : undefined);
      case 'BOOLEAN':
        return (value) => (typeof value === 'boolean' ? value : undefined);
      case 'BINARY':
      case 'VARBINARY':
        return (value) => (value instanceof Uint8Array ? bytesIn(value) : undefined);
      case 'TINYINT':
      case 'SMALLINT':
      case 'INTEGER': {
        const limit = RANGES[type.root];
        return (value) => {
          const n = typeof value === 'bigint' ? Number(value) : value;
          return Number.isInteger(n) && n >= -limit && n < limit ? n + 0 : undefined;
        };
      }
      case 'BIGINT':
        return (value) => {
          if (typeof value === 'number') return Number.isSafeInteger(value) ? value + 0 : undefined;
          return typeof value === 'bigint' && value <= MAX_LONG && value >= -MAX_LONG - 1n ? String(value) : undefined;
        };
      case 'FLOAT':
      case 'DOUBLE':
        return (value) => (typeof value === 'number' ? value : undefined);
      case 'DECIMAL':
        return (value) => {
          const kind = typeof value;
          if (kind !== 'number' && kind !== 'bigint' && kind !== 'string') return undefined;
          return decimalIn(String(value), type.precision, type.scale);
        };
      case 'DATE':
        return (value) => (typeof value === 'string' ? parseDate(value) : undefined);
      case 'TIME_WITHOUT_TIME_ZONE':
        return (value) => {
          const ms = typeof value === 'string' ? parseTime(value) : undefined;
          return ms === undefined ? undefined : ms - (ms % 10 ** Math.max(0, 3 - type.precision));
        };
      case 'TIMESTAMP_WITHOUT_TIME_ZONE':
      case 'TIMESTAMP_WITH_LOCAL_TIME_ZONE':
        return (value) => timestampIn(value, type.precision);
      case 'INTERVAL_YEAR_MONTH':
      case 'INTERVAL_DAY_TIME':
        return (value) => (Number.isSafeInteger(value) ? value : undefined);
      case 'ARRAY': {
        const one = writer(type.children[0], `an element of ${where}`);
        return (value) => (Array.isArray(value) ? Array.from(value, one) : undefined);
      }
      case 'MAP':
      case 'MULTISET': {
        const map = type.root === 'MAP';
        const key = writer(type.children[0], `${map ? 'a key' : 'an element'} of ${where}`);
        const item = map ? writer(type.children[1], `a value of ${where}`) : (count) => count;
        return (value) => {
          const entries = entriesOf(value);
          return entries && [entries.map(([k]) => key(k)), entries.map(([, v]) => item(v))];
        };
      }
      case 'ROW':
        return rowIn(type, (name) => `${where}, column \`${name}\``);
      default:
        return () => undefined;
    }
  }

  function timestampIn(value, precision) {
    const cut = timestampOf(value)?.withPrecision(precision);
    return cut === undefined || cut.nanosOfMs === 0 ? cut?.ms : [cut.ms, cut.nanosOfMs];
  }

  function timestampOf(value) {
    if (value instanceof Timestamp) return value;
    if (typeof value === 'string') return Timestamp.tryParse(value);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : Timestamp.ofMs(value.getTime());
    return Number.isSafeInteger(value) ? Timestamp.ofMs(value) : undefined;
  }

  function entriesOf(value) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return value instanceof Map ? [...value] : Object.entries(value);
  }

  function rowIn({ names, children }, whereOf) {
    const each = children.map((child, i) => writer(child, whereOf(names[i])));
    return (value) => {
      if (typeof value !== 'object' || value === null) return undefined;
      if (typeof value.then === 'function' && !names.includes('then')) return undefined;
      const list = Array.isArray(value);
      if (list && value.length !== names.length) return undefined;
      return names.map((name, i) => each[i](list ? value[i] : Object.hasOwn(value, name) ? value[name] : undefined));
    };
  }

  function writer(type, where, write = writing(type, where)) {
    return (value) => {
      const nothing = value === null || value === undefined;
      if (nothing && type.nullable) return null;
      const taken = nothing ? undefined : write(value);
      if (taken === undefined) throw new Refusal(`${where}: ${shown(value)} is no ${type.text}`);
      return taken;
    };
  }

  /** The rows of a table function, each a list of what crosses. */
  function rowsWriter(type, name) {
    const one = writer(
      type,
      `a row of ${name}`,
      rowIn(type, (column) => `column \`${column}\` of ${name}`),
    );
    return (rows) => {
      if (rows === null || rows === undefined || typeof rows[Symbol.iterator] !== 'function') {
        throw new Refusal(`${name} gave ${shown(rows)}: a table function gives an array of rows`);
      }
      const written = [];
      for (const row of rows) {
        if (row === null || row === undefined) throw new Refusal(`a row of ${name}: ${shown(row)} is no ${type.text}`);
        written.push(one(row));
      }
      return written;
    };
  }

  return { Refusal, reading, reader, writer, rowsWriter };
};
