import { judges } from '../../../support/filter/tables.ts';

const T = '2024-03-01T00:00:00Z';
const times = ['CreateTime', 'DetectTime', 'EventTime', 'CeaseTime', 'WinStartTime', 'WinEndTime'];
const counts = ['ConnCount', 'FlowCount', 'PacketCount', 'ByteCount', 'Confidence'];

judges('times: native, seconds, numeric text, or text with T, t or a blank', [
  ...times.map((key) => [`${key} == ${T}`, { [key]: '2024-03-01 01:00:00+01:00' }, 'true'] as const),
  [`_CESNET.StorageTime == ${T}`, { _CESNET: { StorageTime: 1709251200 } }, 'true'],
  [`_Mentat.StorageTime == ${T}`, { _Mentat: { StorageTime: '1709251200' } }, 'true'],
  [`_CESNET.StorageTime == ${T}`, { _CESNET: { StorageTime: new Date(T) } }, 'true'],
  [`DetectTime == ${T}`, { DetectTime: 1709251200n }, 'true'],
  [`DetectTime == "2024-02-29t23:59:59.5Z"`, { DetectTime: 1709251199.5 }, 'true'],
  [`DetectTime == ${T}`, { DetectTime: 'yesterday' }, 'false'],
  [`DetectTime > ${T}`, { DetectTime: 'yesterday' }, 'false'],
  [`DetectTime < ${T}`, { DetectTime: -5 }, 'false'],
  ['DetectTime >= 0', { DetectTime: false }, 'false'],
  ['DetectTime == "2024-03-01T00:00:00Z"', { DetectTime: new Date(NaN) }, 'false'],
  ['Note == "2024-03-01T00:00:00Z"', { Note: '2024-03-01 00:00:00Z' }, 'false'],
  [`Custom == ${T}`, { Custom: new Date(T) }, 'true'],
]);

judges('addresses of the family of the path, also in objects that hold the text', [
  ['Source.IP4 in 192.0.2.0/24', { Source: { IP4: '192.0.2.7' } }, 'true'],
  ['Target.IP4 in 192.0.2.0/24', { Target: [{ IP4: ['192.0.2.8/29'] }] }, 'true'],
  ['Source[1].IP4[#] in 192.0.2.0/24', { Source: [{ IP4: ['x', '192.0.2.1-192.0.2.9'] }] }, 'true'],
  ['Source.IP4 == 192.0.2.7', { Source: [{ IP4: [{ ip: '192.0.2.7' }] }] }, 'true'],
  ['Target.IP6 == 2001:db8::1', { Target: [{ IP6: ['2001:0DB8:0::1'] }] }, 'true'],
  ['Source.IP6 == "::ffff:192.0.2.1"', { Source: [{ IP6: ['::ffff:c000:201'] }] }, 'true'],
  ['Source.IP4 == 192.0.2.1', { Source: [{ IP6: ['::ffff:192.0.2.1'] }] }, 'true'],
  ['Source.IP4 in [192.0.2.0/24]', { Source: [{ IP4: ['10.0.0.1'], IP6: '::FFFF:c000:201' }] }, 'true'],
  ['Target[1].IP4[*] == 192.0.2.1', { Target: [{ IP6: ['::ffff:c000:201'] }] }, 'true'],
  ['Source.IP4[1] == 192.0.2.1', { Source: [{ IP6: ['::ffff:192.0.2.1'] }] }, 'unknown'],
  ['Source.IP4 == ::ffff:c000:201', { Source: [{ IP4: ['192.0.2.1'] }] }, 'true'],
  ['Source.IP4 == "::ffff:192.0.2.1"', { Source: [{ IP4: ['::ffff:c000:201'] }] }, 'true'],
  ['Source.IP6 in [::ffff:c000:0/112]', { Source: [{ IP6: ['::ffff:192.0.2.1'] }] }, 'true'],
  ['Source.IP4 in ["::ffff:192.0.2.0/120"]', { Source: [{ IP4: ['192.0.2.9'] }] }, 'true'],
  ['Source.IP6 in [::/0]', { Source: [{ IP6: ['::ffff:192.0.2.1'] }] }, 'false'],
  ['Source.IP6 == 2001:db8::1', { Source: [{ IP6: ['2001:db8::1%eth0'] }] }, 'true'],
  ['Source.IP4 in 192.0.2.0/24', { Source: [{ IP4: ['2001:db8::1', '192.0.2.007', 5, {}] }] }, 'false'],
  ['Note in 192.0.2.0/24', { Note: '192.0.2.7' }, 'false'],
]);

judges('durations: seconds or clock text', [
  ['Node.AggrWin == 00:05:00', { Node: [{ AggrWin: '00:05:00' }] }, 'true'],
  ['Node.AggrWin == 1D00:00:00', { Node: [{ AggrWin: '1d00:00:00' }] }, 'true'],
  ['Node[#].AggrWin == 300', { Node: [{ AggrWin: 300 }] }, 'true'],
  ['Node.AggrWin > 00:05:00', { Node: [{ AggrWin: '00:05:00.000001' }] }, 'true'],
  ['Node.AggrWin == 1.001', { Node: [{ AggrWin: '00:00:01.001' }] }, 'true'],
  ['Node.AggrWin == 00:05:00', { Node: [{ AggrWin: '5 minutes' }] }, 'false'],
]);

judges('numbers, also as decimal text', [
  ...counts.map((key) => [`${key} == 22`, { [key]: '22' }, 'true'] as const),
  ['Source.Port == 22 and Target.Port == 23', { Source: [{ Port: ['22'] }], Target: { Port: 23 } }, 'true'],
  ['Source.ASN == 1 and Target.ASN == 2', { Source: { ASN: '1' }, Target: { ASN: '2' } }, 'true'],
  ['Attach.Size == 5', { Attach: [{ Size: '5' }] }, 'true'],
  ['_CESNET.SourceResolvedASN == 5', { _CESNET: { SourceResolvedASN: ['5'] } }, 'true'],
  ['Confidence == 0.5', { Confidence: '0.5' }, 'true'],
  ['ByteCount > 9007199254740990', { ByteCount: 9007199254740993n }, 'true'],
  ['ConnCount == 22', { ConnCount: '22 connections' }, 'false'],
  ['ConnCount == "22 connections"', { ConnCount: '22 connections' }, 'true'],
]);

judges('everything else as stored', [
  ['Note == 22', { Note: '22' }, 'false'],
  ['Note == 22', { Note: 22 }, 'true'],
  ['Source.Spoofed == 1', { Source: [{ Spoofed: true }] }, 'true'],
  ['Source.Spoofed == 0', { Source: [{ Spoofed: false }] }, 'true'],
  ['Source != 1', { Source: [{}] }, 'true'],
  ['Source == Source', { Source: [{}] }, 'false'],
]);

judges('the case of protocols, MAC addresses and TLP does not matter, as in reports', [
  ["Source.Proto in ['tcp']", { Source: [{ Proto: ['TCP'] }] }, 'true'],
  ["Source.Proto in ['TCP']", { Source: [{ Proto: ['tcp', 'ssh'] }] }, 'true'],
  ["Target[1].Proto == 'Tcp'", { Target: [{ Proto: 'TCP' }] }, 'true'],
  ["Source.Proto != 'tcp'", { Source: [{ Proto: ['TCP'] }] }, 'false'],
  ["Source.Proto is ['TCP', 'ssh']", { Source: [{ Proto: ['tcp', 'SSH'] }] }, 'true'],
  ["'udp' in Source.Proto", { Source: [{ Proto: ['UDP'] }] }, 'true'],
  ["Source.MAC == '00:00:5E:00:53:0A'", { Source: [{ MAC: ['00:00:5e:00:53:0a'] }] }, 'true'],
  ["TLP == 'red'", { TLP: 'RED' }, 'true'],
  ["Category == 'test'", { Category: ['Test'] }, 'false'],
  ["Source.Proto like 'tcp'", { Source: [{ Proto: ['TCP'] }] }, 'false'],
]);
