// The filter language: expressions are parsed, checked and compiled once, then asked about many events.
export { basicExpression, type BasicLists } from './syntax/basic-expression.ts';
export { compileFilter, type CompiledFilter } from './compiled-filter.ts';
export { formatExplanation, type Explanation } from './explain.ts';
export { FilterError, formatWarning, type FilterWarning } from './syntax/filter-error.ts';
export { FilterSet } from './set/filter-set.ts';
export { parseFilter } from './syntax/parse.ts';
export { printFilter } from './syntax/print.ts';
export { FilterSubject } from './compile/filter-subject.ts';
export type { Node } from './syntax/tree.ts';
