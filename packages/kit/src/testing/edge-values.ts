const cursor = (text: string) => Buffer.from(text).toString("base64url");

/** Texts that trip parsers, databases and calendars. Some of them are valid in some places. */
export const EDGE_TEXTS: readonly string[] = [
  "",
  "\0",
  "\ud800x\udfff",
  "\u{10ffff}\ufffe\uffff\u202eİſ",
  "(?***:%_\\",
  "'; drop table app.task; --",
  "__proto__",
  "x".repeat(20_001),
  // Numbers around the limits of int4, int8 and double precision.
  ...["0", "-1", "2147483647", "2147483648", "-2147483649", "9223372036854775808", "1e400", "0x10", "1.5", "NaN"],
  // Entity tags with such numbers.
  ...['"0"', '"2147483648"', '"9223372036854775808"', '"99999999999999999999999"', 'W/"1"', '""'],
  // Days and instants at the ends of calendars, and some that do not exist.
  ...["0000-01-01", "0001-01-01", "9999-12-31", "+275760-09-13", "-4713-11-24", "0001-01-01 BC", "2026-02-29"],
  ...["infinity", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z"],
  ...["2016-12-31T23:59:60Z", "2026-01-01T24:00:00Z", "+275760-09-13T00:00:00Z"],
  // Cursors of a list, well-formed and not.
  ...["infinity 9999999999999", "0001-01-01 0", "0000-01-01 0", "9999-12-31 -1", "infinity 99999999999999999"].map(
    (place) => cursor(`${place} t_000000000000`),
  ),
  cursor("9999999999999 t_000000000000"),
  cursor("infinity 1000 t_000000000000\0"),
  ...["t_000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
];

/** The same as JSON values, with numbers at the limits of the database's types and values of other types. */
export const EDGE_VALUES: readonly unknown[] = [
  ...EDGE_TEXTS,
  ...[0, -1, 1.5, 2 ** 31 - 1, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 2 ** 63, 1e308, 5e-324],
  ...[null, true, [], {}, [null], ["\0"], { toString: null }],
];
