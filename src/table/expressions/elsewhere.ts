/** What functions of other databases are called here. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  LEN: 'CHAR_LENGTH(s) counts characters',
  LENGTHB: 'OCTET_LENGTH is not there either; CHAR_LENGTH(s) counts characters',
  DATEDIFF: 'TIMESTAMPDIFF(DAY, a, b) counts from a to b',
  DATEADD: "add an interval: ts + INTERVAL '1' DAY, or TIMESTAMPADD(DAY, 1, ts)",
  DATE_ADD: "add an interval: ts + INTERVAL '1' DAY, or TIMESTAMPADD(DAY, 1, ts)",
  DATE_SUB: "take away an interval: ts - INTERVAL '1' DAY",
  DATE_TRUNC: 'FLOOR(ts TO DAY)',
  DATE_PART: 'EXTRACT(DAY FROM ts)',
  DATEPART: 'EXTRACT(DAY FROM ts)',
  STR_TO_DATE: "TO_DATE(s, 'yyyy-MM-dd'), TO_TIMESTAMP(s, 'yyyy-MM-dd HH:mm:ss')",
  STRPTIME: "TO_TIMESTAMP(s, 'yyyy-MM-dd HH:mm:ss')",
  STRFTIME: "DATE_FORMAT(ts, 'yyyy-MM-dd')",
  TO_CHAR: "DATE_FORMAT(ts, 'yyyy-MM-dd') for times, CAST(x AS STRING) for the rest",
  TO_NUMBER: 'CAST(s AS INT), or AS DOUBLE',
  GETDATE: 'CURRENT_TIMESTAMP',
  SYSDATE: 'CURRENT_TIMESTAMP',
  CURDATE: 'CURRENT_DATE',
  CURTIME: 'LOCALTIME',
  GROUP_CONCAT: "LISTAGG(s, ',')",
  STRING_AGG: "LISTAGG(s, ',')",
  NVL: 'COALESCE(a, b)',
  ISNULL: 'x IS NULL asks; COALESCE(x, y) gives another value',
  IIF: 'IF(condition, a, b)',
  DECODE: "CASE x WHEN 1 THEN 'a' ... END",
  SUBSTRING_INDEX: "SPLIT_INDEX(s, ',', 0) gives one part",
  SPLIT_PART: "SPLIT_INDEX(s, ',', 0), counted from 0",
  CHARINDEX: 'POSITION(a IN s), or LOCATE(a, s)',
  STRPOS: 'POSITION(a IN s), or LOCATE(a, s)',
  TRUNC: 'TRUNCATE(x, digits)',
  POW: 'POWER(x, y)',
  RANDOM: 'RAND()',
  ARRAY_LENGTH: 'CARDINALITY(a)',
  ARRAY_SIZE: 'CARDINALITY(a)',
  SIZE: 'CARDINALITY(a)',
  EXPLODE: 'FROM t CROSS JOIN UNNEST(t.a) AS u (x)',
  REGEXP_MATCHES: 'REGEXP(s, pattern)',
  JSON_EXTRACT: "JSON_VALUE(s, '$.name')",
  GET_JSON_OBJECT: "JSON_VALUE(s, '$.name')",
};

/** What types of other databases are called here. */
const TYPES: Readonly<Record<string, string>> = {
  TEXT: 'STRING',
  NVARCHAR: 'STRING',
  VARCHAR2: 'STRING',
  CLOB: 'STRING',
  UUID: 'STRING',
  JSON: 'STRING',
  DATETIME: 'TIMESTAMP(3)',
  TIMESTAMPTZ: 'TIMESTAMP_LTZ(3)',
  NUMBER: 'DECIMAL(10, 2), or DOUBLE',
  MONEY: 'DECIMAL(10, 2)',
  LONG: 'BIGINT',
  INT64: 'BIGINT',
  INT32: 'INT',
  FLOAT64: 'DOUBLE',
  FLOAT32: 'FLOAT',
  BOOL: 'BOOLEAN',
  BLOB: 'BYTES',
  STRUCT: 'ROW<name type>',
  LIST: 'ARRAY<type>',
  SERIAL: 'BIGINT',
};

/** The way Flink SQL does what a function of another database does; `undefined`: none is known. */
export function functionElsewhere(name: string): string | undefined {
  const upper = name.toUpperCase();
  return Object.hasOwn(FUNCTIONS, upper) ? FUNCTIONS[upper] : undefined;
}

/** The same for a type. */
export function typeElsewhere(name: string): string | undefined {
  const upper = name.toUpperCase();
  return Object.hasOwn(TYPES, upper) ? TYPES[upper] : undefined;
}
