/**
 * A map of few values in the order of their names (by UTF-16 units). Most sections of an event have fewer than five values; two short arrays
 * cost a fifth of a Map.
 */
export class SmallMap<T, Name extends string = string> implements Iterable<readonly [Name, T]> {
  readonly names: Name[] = [];
  readonly values: T[] = [];

  get(name: Name): T | undefined {
    const place = this.names.indexOf(name);
    return place < 0 ? undefined : this.values[place];
  }

  /**
   * Where the name is, below 0 if nowhere.
   * @param near looked at first
   */
  placeOf(name: Name, near = 0): number {
    return this.names[near] === name ? near : this.names.indexOf(name);
  }

  set(name: Name, value: T): void {
    let place = this.names.length;
    while (place > 0 && this.names[place - 1]! > name) place--;
    if (place > 0 && this.names[place - 1] === name) this.values[place - 1] = value;
    else if (place === this.names.length) {
      this.names.push(name);
      this.values.push(value);
    } else {
      this.names.splice(place, 0, name);
      this.values.splice(place, 0, value);
    }
  }

  *[Symbol.iterator](): Generator<readonly [Name, T], void, undefined> {
    for (let i = 0; i < this.names.length; i++) yield [this.names[i]!, this.values[i]!];
  }
}
