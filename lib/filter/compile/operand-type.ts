// Which type the values of a path have, and which type an operand has for the conversion of what stands beside it.
import { parseCalendar } from '../../model/time.ts';
import { plainPath, type Path } from '../syntax/path.ts';
import type { ArithmeticNode, Node } from '../syntax/tree.ts';

/** `folded` is text whose case does not matter, as in reports. `plain` is everything without conversion: values count as they are stored. */
export type OperandType = 'time' | 'duration' | 'ip4' | 'ip6' | 'number' | 'folded' | 'plain';

const TYPES: Readonly<Record<Exclude<OperandType, 'plain'>, string>> = {
  time: 'CreateTime DetectTime EventTime CeaseTime WinStartTime WinEndTime _CESNET.StorageTime _Mentat.StorageTime',
  ip4: 'Source.IP4 Target.IP4',
  ip6: 'Source.IP6 Target.IP6',
  duration: 'Node.AggrWin',
  folded: 'Source.Proto Target.Proto Source.MAC Target.MAC TLP',
  number:
    'ConnCount FlowCount PacketCount ByteCount Source.Port Target.Port Source.ASN Target.ASN Attach.Size ' +
    '_CESNET.SourceResolvedASN Confidence',
};

const TYPE_OF_PATH: ReadonlyMap<string, OperandType> = new Map(
  (Object.keys(TYPES) as (keyof typeof TYPES)[]).flatMap((type) =>
    TYPES[type].split(' ').map((path): [string, OperandType] => [path, type]),
  ),
);

/** The type of the values at a path; indexes do not matter. */
export function typeOfPath(path: Path): OperandType {
  return TYPE_OF_PATH.get(plainPath(path)) ?? 'plain';
}

/** The type of an operand before any event is seen. */
export function typeOfOperand(node: Node): OperandType {
  switch (node.kind) {
    case 'variable':
      return typeOfPath(node.path);
    case 'literal':
      return node.literal.type === 'text' ? 'plain' : node.literal.type;
    case 'call':
      return node.name === 'utcnow' ? 'time' : 'number';
    case 'arithmetic':
      return typeOfCalculation(node);
    default:
      return 'plain';
  }
}

function typeOfCalculation({ operator, left, right }: ArithmeticNode): OperandType {
  const a = typeBeside(left, typeOfOperand(right));
  const b = typeBeside(right, typeOfOperand(left));
  if (operator === '-' && a === 'time' && b === 'time') return 'duration';
  if (a === 'time' || b === 'time') return 'time';
  if (a !== 'duration' && b !== 'duration') return a === 'number' && b === 'number' ? 'number' : 'plain';
  return operator === '/' && a === b ? 'number' : 'duration';
}

/** Quoted text takes part in a calculation with times as what it says: an instant or a length of time. */
function typeBeside(node: Node, neighbour: OperandType): OperandType {
  const text = node.kind === 'literal' && node.literal.type === 'text' ? node.literal.value : undefined;
  if (text === undefined || (neighbour !== 'time' && neighbour !== 'duration')) return typeOfOperand(node);
  return parseCalendar(text) === undefined ? 'duration' : 'time';
}
