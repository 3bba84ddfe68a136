import { isDeepStrictEqual } from 'node:util';
import {
  basicExpression,
  compileFilter,
  FilterError,
  FilterSubject,
  formatExplanation,
  formatWarning,
} from '../../filter/index.ts';
import { lines } from '../../model/text/lines.ts';
import { nearestHint } from '../../model/text/nearest.ts';
import { toObject, toTexts } from '../../model/event/object-view.ts';
import type { Instant } from '../../model/time.ts';
import { describeProblem, messageOf, UserError } from '../../model/user-error.ts';
import { cell } from '../output.ts';
import type { Action } from './action.ts';

type Outcome =
  | { readonly result: boolean; readonly explanation: string; readonly warnings: readonly string[] }
  | {
      readonly error: { readonly message: string; readonly column: number | null };
      readonly rendering?: string;
    };

/**
 * Evaluates filters: each line of input names a filter and an event, and perhaps what is expected of them. `time()` and `utcnow()` are
 * `--time-high`, else now.
 */
export const filterTest: Action = async ({ configuration: { config }, input, output, log, now }) => {
  let ok = true;
  for await (const chunk of lines(input())) {
    for (const { text, number } of chunk) {
      const test = parseTest(text, number);
      if (test instanceof UserError) {
        log.error(test.message);
        ok = false;
        continue;
      }
      const outcome = evaluate(test, config.time_high ?? now);
      const met = test.expect === undefined ? {} : { ok: isDeepStrictEqual(summary(outcome), test.expect) };
      ok &&= met.ok ?? true;
      output.object({
        name: test.name,
        ...('error' in outcome ? outcome : resultOf(outcome)),
        ...met,
      });
      const wrong = met.ok === false ? `, expected ${String(test.expect)}` : '';
      output.line(`${cell(test.name)}: ${shown(outcome)}${wrong}`);
      if (test.basic) output.line(indented(test.filter));
      const why = 'error' in outcome ? outcome.rendering : outcome.explanation;
      if (why !== undefined) output.line(indented(why));
      if (!('error' in outcome))
        for (const warning of outcome.warnings) output.line(indented(`warning: ${warning}`));
    }
  }
  return ok;
};

interface FilterTest {
  readonly name: string;
  readonly filter: string;
  /** Written as lists: the expression is worth showing. */
  readonly basic: boolean;
  readonly event: Readonly<Record<string, unknown>>;
  readonly expect: boolean | 'error' | undefined;
}

/** Those of a filter of a group, so that one can be pasted, and those of a test. A mistyped `expect` would be a test that cannot fail. */
const MEMBERS = [
  ...[
    'name',
    'type',
    'filter',
    'analyzers',
    'categories',
    'ips',
    'description',
    'enabled',
    'valid_from',
    'valid_to',
  ],
  ...['event', 'expect'],
];

function parseTest(text: string | undefined, number: number): FilterTest | UserError {
  const where = `line ${number}`;
  const expected = 'a JSON object with filter, event, and perhaps name and expect (true, false or "error")';
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch (error) {
    return new UserError({ what: 'no JSON', where, got: text ?? null, expected, hint: messageOf(error) });
  }
  const unknown = Object.keys(toObject(value) ?? {}).find((key) => !MEMBERS.includes(key));
  if (unknown !== undefined) {
    return new UserError({ what: `unknown key "${unknown}"`, where, hint: nearestHint(unknown, MEMBERS) });
  }
  const { name = where, filter: written, event, expect, ...lists } = toObject(value) ?? {};
  const filter = written ?? expressionOf(lists);
  const body = toObject(event);
  const known = expect === undefined || typeof expect === 'boolean' || expect === 'error';
  if (typeof name !== 'string' || typeof filter !== 'string' || body === undefined || !known) {
    return new UserError({ what: 'no filter test', where, got: value, expected });
  }
  return { name, filter, basic: written === undefined, event: body, expect };
}

/** The expression that a basic filter's lists stand for; undefined when there are none, or one of them is invalid. */
function expressionOf({ analyzers, categories, ips }: Readonly<Record<string, unknown>>): string | undefined {
  if (analyzers === undefined && categories === undefined && ips === undefined) return undefined;
  try {
    return basicExpression({
      analyzers: toTexts(analyzers),
      categories: toTexts(categories),
      ips: toTexts(ips),
    });
  } catch {
    return undefined;
  }
}

function evaluate({ filter, event }: FilterTest, now: Instant): Outcome {
  try {
    const compiled = compileFilter(filter);
    const subject = new FilterSubject(event, now);
    return {
      result: compiled.matches(subject),
      explanation: formatExplanation(compiled.explain(subject)),
      warnings: compiled.warnings.map(formatWarning),
    };
  } catch (error) {
    if (error instanceof FilterError) {
      return { error: { message: error.message, column: error.column }, rendering: error.render() };
    }
    return {
      error: {
        message: error instanceof UserError ? describeProblem(error.problem) : messageOf(error),
        column: null,
      },
    };
  }
}

/** For programs: what is probably not meant only where there is something. */
function resultOf({ result, warnings }: Extract<Outcome, { result: boolean }>): object {
  return warnings.length === 0 ? { result } : { result, warnings };
}

function indented(text: string): string {
  return text.replace(/^/gm, '    ').trimEnd();
}

function summary(outcome: Outcome): boolean | 'error' {
  return 'error' in outcome ? 'error' : outcome.result;
}

function shown(outcome: Outcome): string {
  return 'error' in outcome ? `error: ${cell(outcome.error.message)}` : String(outcome.result);
}
