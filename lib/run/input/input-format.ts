/** What an input that is no JSON lines looks like, and the command that converts it from stdin to stdout; undefined where there is none. */
export interface InputFormat {
  readonly name: string;
  readonly command?: string;
}

type Signature = readonly [name: string, command: string | undefined, offset: number, bytes: string];

/** File signatures as hexadecimal digits. */
const SIGNATURES: readonly Signature[] = [
  ['gzip', 'zcat', 0, '1f8b'],
  ['compress (.Z)', 'zcat', 0, '1f9d'],
  ['zstd', 'zstdcat', 0, '28b52ffd'],
  ['bzip2', 'bzcat', 0, '425a68'],
  ['xz', 'xzcat', 0, 'fd377a585a00'],
  ['lzma', 'lzcat', 0, '5d0000'],
  ['lzip', 'lzip -dc', 0, '4c5a4950'],
  ['lz4', 'lz4cat', 0, '04224d18'],
  ['framed snappy', 'snzip -dc', 0, 'ff060000734e61507059'],
  ['a zip archive', 'funzip', 0, '504b0304'],
  ['an empty zip archive', undefined, 0, '504b0506'],
  ['a 7-Zip archive', '7z x -so FILE', 0, '377abcaf271c'],
  ['a RAR archive', 'unrar p -inul FILE', 0, '526172211a07'],
  ['a tar archive', 'tar -xO', 257, '7573746172'],
  ['UTF-32', 'iconv -f UTF-32 -t UTF-8', 0, 'fffe0000'],
  ['UTF-32', 'iconv -f UTF-32 -t UTF-8', 0, '0000feff'],
  ['UTF-16', 'iconv -f UTF-16 -t UTF-8', 0, 'fffe'],
  ['UTF-16', 'iconv -f UTF-16 -t UTF-8', 0, 'feff'],
  ['Parquet', undefined, 0, '50415231'],
  ['Avro', 'avro-tools tojson -', 0, '4f626a01'],
  ['an SQLite database', undefined, 0, '53514c69746520666f726d61742033'],
  ['a packet capture', undefined, 0, 'd4c3b2a1'],
  ['a packet capture', undefined, 0, 'a1b2c3d4'],
  ['a packet capture', undefined, 0, '0a0d0d0a'],
  ['PDF', undefined, 0, '255044462d'],
];

/** The format of an input that holds no lines of UTF-8 text, by its first bytes; undefined for text. */
export function detectBinaryFormat(head: Uint8Array): InputFormat | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  for (const [name, command, offset, hex] of SIGNATURES) {
    const signature = Buffer.from(hex, 'hex');
    if (bytes.subarray(offset, offset + signature.length).equals(signature))
      return command === undefined ? { name } : { name, command };
  }
  return utf16WithoutMark(bytes) ?? (isBson(bytes) ? { name: 'BSON', command: 'bsondump' } : undefined);
}

/** JSON begins with two ASCII characters: one byte of each is 0 in UTF-16. */
function utf16WithoutMark(bytes: Buffer): InputFormat | undefined {
  if (bytes.length < 4) return undefined;
  const zeros = [...bytes.subarray(0, 4)].map((byte) => (byte === 0 ? '0' : 'x')).join('');
  const name = zeros === 'x0x0' ? 'UTF-16LE' : zeros === '0x0x' ? 'UTF-16BE' : undefined;
  return name === undefined ? undefined : { name, command: `iconv -f ${name} -t UTF-8` };
}

/** A document begins with its length, 32 bits, and the type of its first element. */
function isBson(bytes: Buffer): boolean {
  return bytes.length > 5 && bytes.readInt32LE(0) >= 5 && bytes[3] === 0 && bytes[4]! > 0 && bytes[4]! < 0x14;
}

/** The format of a text without any event, by its beginning; undefined where it is not recognised. */
export function detectTextFormat(head: Uint8Array): InputFormat | undefined {
  const text = Buffer.from(head)
    .toString('utf8')
    .replace(/^\ufeff/, '');
  const begin = text.trimStart();
  if (begin === '') return { name: 'blank lines only' };
  if (begin.startsWith('\u001e')) return { name: 'JSON text sequences', command: "tr -d '\\036'" };
  if (begin.startsWith('[')) return { name: 'one JSON array', command: "jq -c '.[]'" };
  if (begin.startsWith('{')) return detectObjects(begin);
  if (/^<(?:!doctype html|html)/i.test(begin)) return { name: 'an HTML page, perhaps a login or error page' };
  if (/^<\d{1,3}>/.test(begin)) return { name: 'syslog lines', command: "sed 's/^[^{]*//'" };
  if (begin.startsWith('<')) return { name: 'XML' };
  if (begin.startsWith('"{\\"')) return { name: 'JSON inside JSON strings', command: "jq -c 'fromjson'" };
  const [first = ''] = begin.split('\n', 1);
  if (/^[^{]+\{\s*"/.test(first))
    return { name: 'lines with text before the JSON', command: "sed 's/^[^{]*//'" };
  if (/[\0\ufffd]/.test(first)) return undefined;
  const [separator] = [',', ';', '\t', '|'].filter((sign) => first.split(sign).length > 2);
  return separator === undefined ? undefined : { name: separator === '\t' ? 'tab-separated values' : 'CSV' };
}

function detectObjects(text: string): InputFormat | undefined {
  if (/^\{\s*'/.test(text)) return { name: 'the notation of Python, with single quotes' };
  const [first = ''] = text.split('\n', 1);
  if (first.length === text.length && !/\}\s*\{/.test(first)) return undefined;
  if (isJson(first)) return undefined;
  if (isJson(first.trimEnd().replace(/,$/, '')))
    return { name: 'JSON lines that end in commas', command: "sed 's/,\\s*$//'" };
  return { name: 'JSON that is not one object a line', command: 'jq -c .' };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
