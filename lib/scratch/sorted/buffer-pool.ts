/** Big buffers. Left to the garbage collector they would lie about for long: what one file of a scratch has used, the next one uses again. */
export class BufferPool {
  #free: Buffer[] = [];
  #taken: Buffer[] = [];
  #room = Buffer.alloc(0);

  /** One of just this size, with anything in it. */
  take(size: number): Buffer {
    const at = this.#free.findIndex(({ length }) => length === size);
    const buffer = at < 0 ? Buffer.allocUnsafeSlow(size) : this.#free.splice(at, 1)[0]!;
    this.#taken.push(buffer);
    return buffer;
  }

  /** Bytes to put in order what is then appended to the file: the same ones every time. */
  outputBuffer(size: number): Buffer {
    if (this.#room.length < size) this.#room = Buffer.allocUnsafeSlow(size);
    return this.#room.subarray(0, size);
  }

  /** Nobody uses any more what was taken. */
  release(): void {
    this.#free.push(...this.#taken);
    this.#taken = [];
  }
}
