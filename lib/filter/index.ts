// The filter language: expressions are parsed, checked and compiled once, then asked about many events.
export { basicExpression, type BasicLists } from './basic.ts';
export { compileFilter, type CompiledFilter } from './compiled-filter.ts';
export { formatExplanation, type Explanation } from './explain.ts';
export { FilterError, formatWarning, type FilterWarning } from './filter-error.ts';
export { compileFilterSet, type FilterSet, type NamedFilter } from './filter-set.ts';
export { parseFilter } from './parse.ts';
export { printFilter } from './print.ts';
export { FilterSubject } from './subject.ts';
export type { Node } from './syntax.ts';
