// Tables of cases: what a filter is worth for an event, and where and why a filter is refused.
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { compileFilter, FilterError, FilterSubject } from '../../../lib/filter/index.ts';
import { printable } from '../../../lib/model/user-error.ts';

/** 2024-03-10T00:00:00Z: what `time()` and `utcnow()` say in specs. */
export const NOW = Date.UTC(2024, 2, 10);

export type Outcome = 'true' | 'false' | 'unknown';
export type Case = readonly [expression: string, event: unknown, outcome: Outcome];
export type Refusal = readonly [expression: string, column: number, message: RegExp];

/** What the filter is worth; asserts on the way that only what is true matches. */
export function judge(expression: string, event: unknown): Outcome {
  const filter = compileFilter(expression);
  const subject = new FilterSubject(event as Record<string, unknown>, NOW);
  const { truth } = filter.explain(subject);
  assert.equal(filter.matches(subject), truth === 'true');
  return truth;
}

/** The error that loading the filter ends with. */
export function refusalOf(expression: string): FilterError {
  try {
    compileFilter(expression);
  } catch (error) {
    if (error instanceof FilterError) return error;
    throw error;
  }
  return assert.fail(`not refused: ${expression}`);
}

export function judges(rule: string, cases: readonly Case[]): void {
  describe(rule, () => {
    for (const [expression, event, outcome] of cases)
      it(`${show(expression)} on ${show(asText(event))}: ${outcome}`, () =>
        assert.equal(judge(expression, event), outcome));
  });
}

export function refuses(rule: string, refusals: readonly Refusal[]): void {
  describe(rule, () => {
    for (const [expression, column, message] of refusals)
      it(`${show(expression)}: column ${column}`, () => {
        const error = refusalOf(expression);
        assert.match(error.message, message);
        assert.equal(error.column, column, error.message);
      });
  });
}

const TITLE = 90;

function show(text: string): string {
  return printable(text.length > TITLE ? `${text.slice(0, TITLE)}…` : text);
}

function asText(event: unknown): string {
  return JSON.stringify(event, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}
