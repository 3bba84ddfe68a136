import Libsql from 'libsql';
import type { Work } from './work.ts';

export interface BareEmbedded {
  readonly file: string;
}

/** What the engine takes to give every body, in pages off the table's key, and JSON.parse to read them. */
export function readBare({ file }: BareEmbedded): Work {
  return () => {
    const db = new Libsql(file);
    const page = db.prepare('SELECT seq, body FROM bodies WHERE seq > ? ORDER BY seq LIMIT 500').raw(true);
    let [count, last] = [0, 0];
    for (;;) {
      const rows = page.all(last) as [seq: number, body: string][];
      for (const [, body] of rows) if ('ID' in (JSON.parse(body) as object)) count++;
      if (rows.length === 0) break;
      last = rows.at(-1)![0];
    }
    db.close();
    return Promise.resolve(count);
  };
}
