/**
 * Options in the order in which Flink lists them. It keeps them in Java's `HashMap`, so that the order follows from the
 * names, and from how large the map once was.
 *
 * @param held how many options the map was made for: more than there are now after RESET, fewer after SET
 */
export function inFlinkOrder(
  options: Readonly<Record<string, string>>,
  held = Object.keys(options).length,
): Record<string, string> {
  const keys = Object.keys(options);
  // Written one by one into a map of 16, and then copied into one of the right size.
  const read = inBuckets(keys, grown(16, keys.length));
  const made = inBuckets(read, grown(copied(held), keys.length));
  return Object.fromEntries(made.map((key) => [key, options[key] as string]));
}

function inBuckets(keys: readonly string[], capacity: number): string[] {
  const bucket = (key: string): number => spread(key) & (capacity - 1);
  return [...keys].sort((a, b) => bucket(a) - bucket(b));
}

/** A map doubles when more than three quarters of it are taken. */
function grown(capacity: number, size: number): number {
  let made = capacity;
  while (size > made * 0.75) made *= 2;
  return made;
}

/** The size of a map that is made from one of `size` entries: a power of two. */
function copied(size: number): number {
  let made = 1;
  while (made < Math.trunc(size / 0.75 + 1)) made *= 2;
  return made;
}

/** `String.hashCode`, spread as `HashMap` does. */
function spread(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  return hash ^ (hash >>> 16);
}
