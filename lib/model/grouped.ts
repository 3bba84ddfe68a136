/** Values by key, both in the order in which they first come; items without a key are left out. Linear: there may be tens of thousands. */
export function grouped<Item, Key, Value>(
  items: Iterable<Item>,
  keyOf: (item: Item) => Key | undefined,
  valueOf: (item: Item) => Value,
): ReadonlyMap<Key, readonly Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [valueOf(item)]);
    else group.push(valueOf(item));
  }
  return groups;
}
