import { judges, refuses } from '../../../support/filter/tables.ts';

const S = {
  Source: [
    { IP4: ['192.0.2.1', '192.0.2.2'], Port: 53 },
    { IP4: ['192.0.2.3'], Port: [25, 26] },
  ],
};

judges('a path finds all values', [
  ['size(Source.IP4) == 3', S, 'true'],
  ['size(Source) == 2', S, 'true'],
  ['Source.Port is [53, 25, 26]', S, 'true'],
  ['exists Source.Missing', S, 'false'],
  ['exists Source.Port.Deeper', S, 'false'],
  ['size(A) == 2', { A: [1, 1] }, 'true'],
  ['size(A.B) == 1', { A: [[{ B: 1 }], { B: 2 }] }, 'true'],
  ['size(A) == 2', { A: [[1, 2, 3], 4] }, 'true'],
  ['Source == "x"', S, 'false'],
  ['A.length == 3', { A: 'abc' }, 'unknown'],
]);

judges('an index counts from 1, # is the last, * all, each per parent (D5)', [
  ['Source.IP4[1] is [192.0.2.1, 192.0.2.3]', S, 'true'],
  ['Source[1].IP4 is [192.0.2.1, 192.0.2.2]', S, 'true'],
  ['Source[#].IP4 == 192.0.2.3', S, 'true'],
  ['Source[#].IP4 in 192.0.2.0/29', S, 'true'],
  ['Source[*].IP4[#] is [192.0.2.2, 192.0.2.3]', S, 'true'],
  ['Source[3].IP4', S, 'false'],
  ['Source[02].Port[2] == 26', S, 'true'],
  ['A[#]', { A: [] }, 'false'],
  ['Format[1]', { Format: 'IDEA0' }, 'false'],
  ['Format[*]', { Format: 'IDEA0' }, 'false'],
  ['Format', { Format: 'IDEA0' }, 'true'],
  ['Format', { Format: null }, 'false'],
  ['A[*] is [1, 2]', { A: [1, 2] }, 'true'],
]);

judges('one value where IDEA0 has a list is a list of one', [
  ['Category[1] == "Test"', { Category: 'Test' }, 'true'],
  ['Category[#] == "Test"', { Category: 'Test' }, 'true'],
  ['Category[2]', { Category: 'Test' }, 'false'],
  ['Source[1].IP4[*] == 192.0.2.1', { Source: { IP4: '192.0.2.1' } }, 'true'],
  ['Node[#].SW[1] == "Kippo"', { Node: { SW: 'Kippo' } }, 'true'],
  ['Source[1].Note[1]', { Source: { Note: 'x' } }, 'false'],
  ['Category[1]', { Category: null }, 'false'],
]);

refuses('malformed paths (D5)', [
  ['A[0] == 1', 2, /impossible index, got "\[0\]", expected a number from 1, # for the last or \* for all/],
  ['A[-1] == 1', 2, /impossible index/],
  ['A[] == 1', 2, /impossible index/],
  ['A[x] == 1', 2, /impossible index/],
  ['A[ 1 ] == 1', 2, /malformed index/],
  ['A[1][2] == 1', 5, /two indexes in a row/],
  ['A[1]B == 1', 5, /dot is missing after an index/],
  ['A. == 1', 3, /path ends with a dot/],
  ['A..B == 1', 3, /path ends with a dot/],
  ['A.1 == 1', 3, /path ends with a dot/],
  ['A .B == 1', 3, /illegal character/],
]);

judges('null is missing (D14)', [
  ['exists A', { A: null }, 'false'],
  ['A == 1', { A: null }, 'unknown'],
  ['A != 1', { A: [null] }, 'unknown'],
  ['size(A) == 1', { A: [null, 0] }, 'true'],
  ['A[1]', { A: [null, 0] }, 'false'],
  ['A.B', { A: null }, 'false'],
  ['size(A.B) == 1', { A: [null, { B: null }, { B: 1 }] }, 'true'],
]);

judges('only own keys are seen', [
  ['__proto__', {}, 'false'],
  ['constructor or toString or __proto__.hasOwnProperty', {}, 'false'],
  ['__proto__.a == 1', JSON.parse('{"__proto__":{"a":1}}'), 'true'],
  ['A.constructor', { A: { b: 1 } }, 'false'],
  ['A.getTime', { A: new Date(0) }, 'false'],
  ['A', Object.assign(Object.create(null) as object, { A: 1 }), 'true'],
]);
