// The filter language: expressions are parsed, checked and compiled once, then asked about many events.
export { basicExpression, type BasicLists } from './syntax/basic.ts';
export { compileFilter, type CompiledFilter } from './compiled-filter.ts';
export { formatExplanation, type Explanation } from './explain.ts';
export { FilterError, formatWarning, type FilterWarning } from './syntax/filter-error.ts';
export { compileFilterSet, type FilterSet, type NamedFilter } from './filter-set.ts';
export { parseFilter } from './syntax/parse.ts';
export { printFilter } from './syntax/print.ts';
export { FilterSubject } from './term/subject.ts';
export type { Node } from './syntax/syntax.ts';
