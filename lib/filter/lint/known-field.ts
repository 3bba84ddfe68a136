// The fields that events usually have, for hints about a mistyped one. Events may hold any other field, and filters may ask for it.
import { nearest } from '../../model/text/nearest.ts';
import type { Path } from '../syntax/path.ts';

const words = (text: string): readonly string[] => text.split(' ');

const TOP_LEVEL = words(
  'Format ID AltNames CorrelID AggrID PredID RelID CreateTime DetectTime EventTime CeaseTime WinStartTime WinEndTime ConnCount FlowCount ' +
    'PacketCount ByteCount Category Ref Confidence Description Note Source Target Attach Node _CESNET _Mentat TLP Credentials ' +
    'FlowCountDropped PacketCountDropped ByteCountDropped AvgPacketSize StartTime EndTime Duration ts ts_u',
);

const ENDPOINT = words(
  'Type Hostname IP4 IP6 MAC Port Proto URL Email AttachHand Note Spoofed Imprecise Anonymised ASN Router Netname Ref InFlowCount ' +
    'OutFlowCount InPacketCount OutPacketCount InByteCount OutByteCount IP4Count PortCount ProtoCount InterfaceCount Interface BitMask ' +
    'UserAgent SIPFrom PTR ClockSkew Ciphers X509ExpiredTime ServiceName ServiceVersion',
);

const PROCESSING = words(
  'StorageTime ResolvedAbuses EventClass EventSeverity Impact SourceResolvedASN SourceResolvedCountry InspectionErrors EventTemplate ' +
    'TargetAbuses TargetClass TargetSeverity EventSubclass TargetSubclass ShadowReporting ShadowReportingTarget',
);

const WITHIN: ReadonlyMap<string, readonly string[]> = new Map([
  ['Source', ENDPOINT],
  ['Target', ENDPOINT],
  [
    'Attach',
    words(
      'Handle FileName Type Hash Size Ref Note ContentType ContentCharset ContentEncoding Content ContentID ExternalURI',
    ),
  ],
  ['Node', words('Name Type SW AggrWin Note Tags Realm')],
  ['_CESNET', PROCESSING],
  ['_Mentat', PROCESSING],
]);

/** True for a top-level key that events usually have. */
export function isKnownField(key: string): boolean {
  return TOP_LEVEL.includes(key);
}

/** The usual field that a path was probably meant to name; undefined for usual ones and for those close to none. */
export function suggestField(path: Path): string | undefined {
  const [first, second] = path.steps.map((step) => step.key);
  if (first === undefined) return undefined;
  if (!isKnownField(first)) {
    if (ENDPOINT.includes(first)) return `Source.${first} or Target.${first}`;
    const key = nearField(first, TOP_LEVEL);
    return key && [key, ...path.steps.slice(1).map((step) => step.key)].join('.');
  }
  const members = WITHIN.get(first);
  if (members === undefined || second === undefined || members.includes(second)) return undefined;
  const member = nearField(second, members);
  return member === undefined ? undefined : `${first}.${member}`;
}

/** A typing error changes the length by one at most. Short names are close to many others, so they may differ in case only. */
function nearField(key: string, known: readonly string[]): string | undefined {
  const found = nearest(key, known);
  if (found === undefined || found.toLowerCase() === key.toLowerCase()) return found;
  return key.length > 3 && Math.abs(found.length - key.length) <= 1 ? found : undefined;
}
