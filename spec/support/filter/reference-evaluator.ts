// The language once more, as plainly as it can be said: a walk over the tree that tries every pair, with nothing prepared and nothing cached.
// Shares the parser and the readers of addresses and times with the product, and not one line of the evaluation.
import { parseAddress } from '../../../lib/model/network/address.ts';
import { parseCalendar, parseTimestamp } from '../../../lib/model/time.ts';
import type { Node } from '../../../lib/filter/index.ts';

type Plain =
  | { t: 'number'; n: number }
  | { t: 'text'; s: string }
  | { t: 'time' | 'duration'; ms: number }
  | { t: 'address'; family: number; low: bigint; high: bigint; s: string }
  | { t: 'thing' };
type Item = Plain & { raw?: unknown };

type Result =
  | { is: 'unknown' }
  | { is: 'list'; items: Item[] }
  | { is: 'value'; item: Item }
  | { is: 'truth'; yes: boolean };
type Truth = 'true' | 'false' | 'unknown';
type Kind = 'time' | 'duration' | 'ip4' | 'ip6' | 'number' | 'other';

const UNKNOWN: Result = { is: 'unknown' };
const TIMES = [
  'CreateTime',
  'DetectTime',
  'EventTime',
  'CeaseTime',
  'WinStartTime',
  'WinEndTime',
  '_CESNET.StorageTime',
  '_Mentat.StorageTime',
];
const NUMBERS = [
  'ConnCount',
  'FlowCount',
  'PacketCount',
  'ByteCount',
  'Source.Port',
  'Target.Port',
  'Source.ASN',
  'Target.ASN',
  'Attach.Size',
  '_CESNET.SourceResolvedASN',
  'Confidence',
];

/** The outcome of a tree for an event. */
export function evaluate(node: Node, event: unknown, now: number): Truth {
  return truth(result(node, event, now));
}

function truth(r: Result): Truth {
  if (r.is === 'unknown') return 'unknown';
  if (r.is === 'list') return r.items.length > 0 ? 'true' : 'false';
  if (r.is === 'truth') return r.yes ? 'true' : 'false';
  const { item } = r;
  const empty =
    (item.t === 'number' && item.n === 0) ||
    (item.t === 'text' && item.s === '') ||
    (item.t === 'duration' && item.ms === 0);
  return empty ? 'false' : 'true';
}

function fromTruth(t: Truth): Result {
  return t === 'unknown' ? UNKNOWN : { is: 'truth', yes: t === 'true' };
}

function items(r: Result): Item[] {
  if (r.is === 'list') return r.items;
  if (r.is === 'value') return [r.item];
  return r.is === 'truth' ? [{ t: 'number', n: r.yes ? 1 : 0 }] : [];
}

function result(node: Node, event: unknown, now: number, beside?: (text: string) => Item): Result {
  switch (node.kind) {
    case 'or':
    case 'and':
    case 'xor':
      return logical(node.kind, node.operands, event, now);
    case 'not': {
      const t = truth(result(node.operand, event, now));
      return fromTruth(t === 'unknown' ? t : t === 'true' ? 'false' : 'true');
    }
    case 'exists':
      return fromTruth(truth(result(node.operand, event, now)));
    case 'comparison': {
      const left = result(
        node.left,
        event,
        now,
        node.operator === 'like' ? undefined : besideCompared(kindOf(node.right)),
      );
      const right = result(
        node.right,
        event,
        now,
        node.operator === 'like' ? undefined : besideCompared(kindOf(node.left)),
      );
      return compare(node.operator, items(left), items(right));
    }
    case 'arithmetic': {
      const added = node.operator === '+' || node.operator === '-';
      const left = result(node.left, event, now, added ? besideAdded(kindOf(node.right)) : undefined);
      const right = result(node.right, event, now, added ? besideAdded(kindOf(node.left)) : undefined);
      return calculate(node.operator, items(left), items(right));
    }
    case 'call':
      return call(node.name, node.argument, event, now);
    case 'list':
      return { is: 'list', items: node.elements.flatMap((e) => items(result(e, event, now, beside))) };
    case 'variable':
      return { is: 'list', items: read(node, event) };
    case 'literal':
      return { is: 'value', item: literal(node, beside) };
  }
}

/** Two operands at a time, grouped from the right. */
function logical(kind: 'or' | 'and' | 'xor', operands: readonly Node[], event: unknown, now: number): Result {
  const first = result(operands[0]!, event, now);
  if (operands.length === 1) return first;
  const rest = logical(kind, operands.slice(1), event, now);
  const [a, b] = [truth(first), truth(rest)];
  if (kind === 'xor') {
    if (a === 'true' && b === 'true') return fromTruth('false');
    if (a === 'true' || b === 'true') return fromTruth('true');
    return fromTruth(a === 'unknown' || b === 'unknown' ? 'unknown' : 'false');
  }
  const decisive = kind === 'or' ? 'true' : 'false';
  if (a === decisive) return first;
  if (b === decisive) return rest;
  return a === 'unknown' || b === 'unknown' ? UNKNOWN : rest;
}

function kindOf(node: Node): Kind {
  if (node.kind === 'variable') return kindOfPath(node.path.steps.map((s) => s.key).join('.'));
  if (node.kind === 'literal') return node.literal.type === 'text' ? 'other' : node.literal.type;
  if (node.kind === 'call') return node.name === 'utcnow' ? 'time' : 'other';
  if (node.kind !== 'arithmetic') return 'other';
  let [a, b] = [kindOf(node.left), kindOf(node.right)];
  const timed = (k: Kind) => k === 'time' || k === 'duration';
  const text = (n: Node) => (n.kind === 'literal' && n.literal.type === 'text' ? n.literal.value : undefined);
  const said = (s: string): Kind => (parseCalendar(s) === undefined ? 'duration' : 'time');
  if (timed(b) && text(node.left) !== undefined) a = said(text(node.left)!);
  else if (timed(a) && text(node.right) !== undefined) b = said(text(node.right)!);
  if (a === 'time' && b === 'time' && node.operator === '-') return 'duration';
  if (a === 'time' || b === 'time') return 'time';
  if (a === 'duration' && b === 'duration') return node.operator === '/' ? 'number' : 'duration';
  return a === 'duration' || b === 'duration' ? 'duration' : 'other';
}

function kindOfPath(path: string): Kind {
  if (TIMES.includes(path)) return 'time';
  if (NUMBERS.includes(path)) return 'number';
  if (path === 'Source.IP4' || path === 'Target.IP4') return 'ip4';
  if (path === 'Source.IP6' || path === 'Target.IP6') return 'ip6';
  return path === 'Node.AggrWin' ? 'duration' : 'other';
}

function besideCompared(kind: Kind): ((text: string) => Item) | undefined {
  if (kind === 'time')
    return (s) => ({ t: 'time', ms: /^\d+(\.\d+)?$/.test(s) ? millis(Number(s)) : parseCalendar(s)! });
  if (kind === 'duration') return (s) => ({ t: 'duration', ms: clock(s)! });
  return kind === 'ip4' || kind === 'ip6' ? (s) => address(s.replace('..', '-'), kind)! : undefined;
}

function besideAdded(kind: Kind): ((text: string) => Item) | undefined {
  if (kind !== 'time' && kind !== 'duration') return undefined;
  return (s) =>
    parseCalendar(s) === undefined ? { t: 'duration', ms: clock(s)! } : { t: 'time', ms: parseCalendar(s)! };
}

function literal(node: Node & { kind: 'literal' }, beside?: (text: string) => Item): Item {
  const l = node.literal;
  switch (l.type) {
    case 'text':
      return beside === undefined
        ? { t: 'text', s: l.value, raw: l.value }
        : { ...beside(l.value), raw: l.value };
    case 'number':
      return { t: 'number', n: Number(l.text), raw: l.text };
    case 'time':
      return { t: 'time', ms: parseCalendar(l.text)!, raw: l.text };
    case 'duration':
      return { t: 'duration', ms: clock(l.text)!, raw: l.text };
    default:
      return { ...address(l.text.replace('..', '-'), l.type)!, raw: l.text };
  }
}

function millis(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e3;
}

function clock(s: string): number | undefined {
  if (/^-?\d+(\.\d+)?$/.test(s)) return millis(Number(s));
  const m = /^(?:(\d+)d)?(\d\d):(\d\d):(\d\d(?:\.\d+)?)$/i.exec(s);
  return m === null
    ? undefined
    : millis(((Number(m[1] ?? 0) * 24 + Number(m[2])) * 60 + Number(m[3])) * 60 + Number(m[4]));
}

function address(s: string, kind: 'ip4' | 'ip6'): Item | undefined {
  const r = parseAddress(s, kind === 'ip4' ? 4 : 6);
  return r && { t: 'address', family: r.family, low: BigInt(r.low), high: BigInt(r.high), s: r.text };
}

/** Keys among those of the random filters whose values are lists in IDEA0. */
const LISTS = ['Source', 'Target', 'Node', 'Category', 'IP4', 'IP6', 'Port', 'Type'];

function read(node: Node & { kind: 'variable' }, event: unknown): Item[] {
  let nodes: unknown[] = [event];
  for (const { key, index } of node.path.steps) {
    const next: unknown[] = [];
    for (const n of nodes) {
      if (Object.prototype.toString.call(n) !== '[object Object]') continue;
      const value = Object.getOwnPropertyDescriptor(n, key)?.value as unknown;
      const listed = LISTS.includes(key) && value !== null && value !== undefined ? [value] : undefined;
      const list = Array.isArray(value) ? (value as unknown[]) : index === undefined ? undefined : listed;
      if (index === undefined) next.push(...(list ?? [value]));
      else if (list !== undefined)
        next.push(...(index === '*' ? list : index === '#' ? list.slice(-1) : list.slice(index - 1, index)));
    }
    nodes = next;
  }
  const kind = kindOf(node);
  return nodes.filter((v) => v !== null && v !== undefined).map((raw) => ({ ...typed(raw, kind), raw }));
}

function typed(raw: unknown, kind: Kind): Item {
  if (kind === 'time') {
    const ms = parseTimestamp(raw);
    if (ms !== undefined) return { t: 'time', ms };
  }
  if (kind === 'duration' && (typeof raw === 'string' || typeof raw === 'number')) {
    const ms = typeof raw === 'number' ? millis(raw) : clock(raw);
    if (ms !== undefined) return { t: 'duration', ms };
  }
  if ((kind === 'ip4' || kind === 'ip6') && typeof raw === 'string') {
    const found = address(raw, kind);
    if (found !== undefined) return found;
  }
  if (kind === 'number' && typeof raw === 'string' && /^[+-]?\d+(\.\d+)?$/.test(raw))
    return { t: 'number', n: Number(raw) };
  if (typeof raw === 'string') return { t: 'text', s: raw };
  const number = typeof raw === 'number' || typeof raw === 'boolean';
  return number && (kind === 'number' || kind === 'other') ? { t: 'number', n: Number(raw) } : { t: 'thing' };
}

function compare(operator: string, left: Item[], right: Item[]): Result {
  if (left.length === 0 || right.length === 0) return UNKNOWN;
  if (operator === 'is')
    return { is: 'truth', yes: left.length === right.length && left.every((l, i) => same(l, right[i]!)) };
  return { is: 'truth', yes: left.some((l) => right.some((r) => pair(operator, l, r))) };
}

function pair(operator: string, l: Item, r: Item): boolean {
  if (operator === '==') return same(l, r);
  if (operator === '!=') return !same(l, r);
  if (operator === 'in')
    return l.t === 'address' && r.t === 'address'
      ? l.family === r.family && r.low <= l.low && l.high <= r.high
      : same(l, r);
  if (operator === 'like') return found(l, r);
  const order = ordered(l, r);
  if (order === undefined) return false;
  return operator === '<'
    ? order < 0
    : operator === '<='
      ? order <= 0
      : operator === '>'
        ? order > 0
        : order >= 0;
}

function found(l: Item, r: Item): boolean {
  const pattern = 'raw' in r ? r.raw : r.t === 'text' ? r.s : undefined;
  if (typeof pattern !== 'string') return false;
  const text = 'raw' in l ? l.raw : l.t === 'number' ? l.n : undefined;
  return (
    (typeof text === 'string' || typeof text === 'number') &&
    new RegExp(pattern, 'u').test(typeof text === 'number' ? digits(text) : text)
  );
}

function digits(n: number): string {
  const text = String(n);
  return text.includes('e')
    ? n.toLocaleString('en-US', { useGrouping: false, maximumSignificantDigits: 17 })
    : text;
}

function same(a: Item, b: Item): boolean {
  if (a.t === 'address' && b.t === 'address')
    return a.family === b.family && a.low === b.low && a.high === b.high;
  return ordered(a, b) === 0;
}

function ordered(a: Item, b: Item): number | undefined {
  if (a.t === 'text' && b.t === 'text') {
    const [x, y] = [Array.from(a.s, (c) => c.codePointAt(0)!), Array.from(b.s, (c) => c.codePointAt(0)!)];
    const i = x.findIndex((c, at) => c !== y[at]);
    return i < 0 ? x.length - y.length : i >= y.length ? 1 : x[i]! - y[i]!;
  }
  const timed = (x: Item) => x.t === 'time' || x.t === 'duration';
  if (
    !(a.t === b.t && (a.t === 'number' || timed(a))) &&
    !(timed(a) && b.t === 'number') &&
    !(a.t === 'number' && timed(b))
  )
    return undefined;
  const scale = a.t === 'number' && b.t === 'number' ? (n: number) => n : millis;
  const size = (x: Item) => (x.t === 'number' ? scale(x.n) : (x as { ms: number }).ms);
  return size(a) < size(b) ? -1 : size(a) > size(b) ? 1 : size(a) === size(b) ? 0 : undefined;
}

function calculate(operator: string, left: Item[], right: Item[]): Result {
  if (left.length === 0 || right.length === 0) return UNKNOWN;
  if (left.length !== right.length && left.length !== 1 && right.length !== 1) return UNKNOWN;
  const out: Item[] = [];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const one = calculateOne(operator, left[left.length === 1 ? 0 : i]!, right[right.length === 1 ? 0 : i]!);
    if (
      one === undefined ||
      (one.t === 'number' ? !Number.isFinite(one.n) : !Number.isFinite((one as { ms: number }).ms))
    )
      return UNKNOWN;
    out.push(one);
  }
  return out.length === 1 ? { is: 'value', item: out[0]! } : { is: 'list', items: out };
}

function calculateOne(op: string, a: Item, b: Item): Item | undefined {
  const asNumber = (x: Item, other: Item): Item =>
    x.t === 'text' && other.t === 'number' && /^[+-]?\d+(\.\d+)?$/.test(x.s)
      ? { t: 'number', n: Number(x.s) }
      : x;
  const [l, r] = [asNumber(a, b), asNumber(b, a)];
  const shape = `${l.t} ${op} ${r.t}`;
  const [x, y] = [l, r].map((v) => (v.t === 'number' ? v.n : 'ms' in v ? v.ms : NaN)) as [number, number];
  const [lx, ly] = [l.t === 'number' ? millis(x) : x, r.t === 'number' ? millis(y) : y];
  if (/^number . number$/.test(shape)) return { t: 'number', n: plain(op, x, y) };
  if (/^time [+-] (duration|number)$/.test(shape)) return { t: 'time', ms: op === '+' ? lx + ly : lx - ly };
  if (/^(duration|number) \+ time$/.test(shape)) return { t: 'time', ms: lx + ly };
  if (shape === 'time - time') return { t: 'duration', ms: x - y };
  if (/^(duration [+-] (duration|number)|number [+-] duration)$/.test(shape))
    return { t: 'duration', ms: plain(op, lx, ly) };
  if (shape === 'duration / duration') return { t: 'number', n: x / y };
  if (/^(duration % duration|duration [*/] number|number \* duration)$/.test(shape))
    return { t: 'duration', ms: plain(op, x, y) };
  return undefined;
}

function plain(op: string, x: number, y: number): number {
  if (op === '%') return y === 0 ? NaN : ((x % y) + y) % y;
  return op === '+' ? x + y : op === '-' ? x - y : op === '*' ? x * y : x / y;
}

function call(name: string, argument: Node | undefined, event: unknown, now: number): Result {
  if (name === 'time') return { is: 'value', item: { t: 'number', n: now / 1000 } };
  if (name === 'utcnow') return { is: 'value', item: { t: 'time', ms: now } };
  const values = items(result(argument!, event, now));
  if (name === 'size') return { is: 'value', item: { t: 'number', n: values.length } };
  const lengths = values.flatMap((v): Item[] =>
    v.t === 'text' ? [{ t: 'number', n: Array.from(v.s).length }] : [],
  );
  if (lengths.length === 0) return UNKNOWN;
  const many = lengths.length > 1 || argument!.kind === 'variable' || argument!.kind === 'list';
  return many ? { is: 'list', items: lengths } : { is: 'value', item: lengths[0]! };
}
