/** Large buffers that the files of a scratch use in turn: left to the garbage collector they took up to 20 MB more. */
export class BufferPool {
  #free: Buffer[] = [];
  #taken: Buffer[] = [];
  #output = Buffer.alloc(0);

  /** An uninitialised buffer of exactly this size. */
  take(size: number): Buffer {
    const at = this.#free.findIndex(({ length }) => length === size);
    const buffer = at < 0 ? Buffer.allocUnsafeSlow(size) : this.#free.splice(at, 1)[0]!;
    this.#taken.push(buffer);
    return buffer;
  }

  /** Room for output that is then appended to the file; the same bytes at every call. */
  outputBuffer(size: number): Buffer {
    if (this.#output.length < size) this.#output = Buffer.allocUnsafeSlow(size);
    return this.#output.subarray(0, size);
  }

  /** Takes back all buffers that were taken. */
  release(): void {
    this.#free.push(...this.#taken);
    this.#taken = [];
  }
}
