import { judges, refuses } from '../../../support/filter/tables.ts';

const D = {
  DetectTime: '2024-03-01T12:00:00Z',
  EventTime: '2024-03-01T09:30:00Z',
  Node: [{ AggrWin: '00:05:00' }],
};
const IP = { Source: [{ IP4: ['192.0.2.7'], IP6: ['2001:db8::7'] }] };

judges('quoted text beside a time is a time, or seconds since 1970 in UTC (D10)', [
  ['DetectTime == "2024-03-01T12:00:00Z"', D, 'true'],
  ['DetectTime == "2024-03-01 12:00:00Z"', D, 'true'],
  ['DetectTime == "2024-03-01t02:30:00-09:30"', D, 'true'],
  ['DetectTime == "1709294400"', D, 'true'],
  ['"2024-03-01T12:00:00Z" == DetectTime', D, 'true'],
  ['DetectTime in ["2024-03-02T00:00:00Z", "1709294400.0"]', D, 'true'],
  ['utcnow() == "2024-03-10T00:00:00Z"', D, 'true'],
  ['2024-03-10T00:00:00Z == "2024-03-10T00:00:00Z"', D, 'true'],
]);

judges('a number beside a time is seconds since 1970 (D11)', [
  ['DetectTime > 1500000000', D, 'true'],
  ['DetectTime == 1709294400', D, 'true'],
  ['1709294400 == DetectTime', D, 'true'],
  ['DetectTime == 00:05:00', D, 'false'],
  ['DetectTime != 00:05:00', D, 'true'],
]);

judges('beside a duration: clock text or seconds (D11, D12)', [
  ['Node.AggrWin == "00:05:00" and Node.AggrWin == "300" and Node.AggrWin == 300', D, 'true'],
  ['DetectTime - EventTime == "02:30:00"', D, 'true'],
  ['DetectTime - EventTime == 9000', D, 'true'],
  ['"0D02:30:00" == DetectTime - EventTime', D, 'true'],
  ['(EventTime + 300) + 5 == "2024-03-01T09:35:05Z"', D, 'true'],
  ['(EventTime + 300) > "2024-03-01T09:30:00Z"', D, 'true'],
  ['Node.AggrWin * 2 == "00:10:00"', D, 'true'],
  ['Node.AggrWin / 2 == "150"', D, 'true'],
  ['DetectTime - "2024-03-01T09:30:00Z" == "02:30:00"', D, 'true'],
  ['"2024-03-01T12:00:00Z" - EventTime == "02:30:00"', D, 'true'],
]);

judges('in + and - beside a time: seconds, a duration, a time', [
  ['EventTime + "02:30:00" == DetectTime', D, 'true'],
  ['EventTime + "9000" == DetectTime', D, 'true'],
  ['"9000" + EventTime == DetectTime', D, 'true'],
  ['EventTime + 0.5 > EventTime', D, 'true'],
  ['EventTime + [9000, "01:00:00"] == DetectTime', D, 'true'],
]);

judges('quoted text beside an address is an address, on either side and in lists (D1, D12)', [
  ['Source.IP4 in ["192.0.2.0/24"]', IP, 'true'],
  ['"192.0.2.7" == Source.IP4', IP, 'true'],
  ['["192.0.2.7", "192.0.2.8"] == Source.IP4', IP, 'true'],
  ['Source.IP6 in "2001:db8::/32"', IP, 'true'],
  ['Source.IP4 in ["192.0.2.1..192.0.2.9"]', IP, 'true'],
  ['192.0.2.7 == "192.0.2.7"', IP, 'true'],
  ['Source.IP4 in [Target.IP4, "192.0.2.7"]', IP, 'true'],
]);

refuses('what does not fit its neighbour', [
  ['DetectTime > "soon"', 14, /"soon" does not fit what it stands beside, expected a time like/],
  ['DetectTime > "2024-03-01"', 14, /expected a time/],
  ['"-5" == DetectTime', 1, /expected a time/],
  ['DetectTime in ["1", "x"]', 21, /expected a time/],
  ['Node.AggrWin == "5 minutes"', 17, /expected a duration like/],
  ['Node.AggrWin == "00:05:00.5"', 17, /expected a duration/],
  ['DetectTime + "x" > 0', 14, /or a time/],
  ['Source.IP4 in ["host"]', 16, /expected an IPv4 address, network or range/],
  ['Source.IP4 == "2001:db8::1"', 15, /the field holds IPv4/],
  ['Source.IP4 == 2001:db8::1', 15, /expected an IPv4/],
  ['Source.IP6 == 192.0.2.1', 15, /expected an IPv6/],
  ['Source.IP6 == "192.0.2.1"', 15, /the field holds IPv6/],
  ['Source.IP4 == 5', 15, /expected an IPv4/],
  ['Source.IP4 == 00:05:00', 15, /expected an IPv4/],
  ['192.0.2.1 == 2001:db8::1', 1, /expected an IPv6/],
]);

judges('nothing else is converted', [
  ['Target.Port == "22"', { Target: { Port: 22 } }, 'false'],
  ['Target.Port != "22"', { Target: { Port: 22 } }, 'true'],
  ['(EventTime or DetectTime) == "2024-03-01T09:30:00Z"', D, 'false'],
  ['01:00:00 / 00:05:00 == "12"', D, 'false'],
  ['Source.IP4 like "^192"', IP, 'true'],
  ['DetectTime like "^2024"', D, 'true'],
]);

judges('operands keep their written order (D1)', [
  ['100 > FlowCount', { FlowCount: 5 }, 'true'],
  ['100 < FlowCount', { FlowCount: 5 }, 'false'],
  ['50 - FlowCount == 45', { FlowCount: 5 }, 'true'],
  ['[10, 20] > FlowCount', { FlowCount: 15 }, 'true'],
]);
