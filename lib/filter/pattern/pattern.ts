// Patterns at work: compiled once, searched in linear time. A pattern of the filter must be valid; one that comes from an event is a guest.
import { RE2JS, RE2JSException, RE2Set } from 're2js';
import { translatePattern } from './pattern-dialect.ts';
import { PatternProblem } from './pattern-escape.ts';

/** A compiled pattern that is searched for, unanchored. */
export interface Pattern {
  test(text: string): boolean;
  /** As the engine was given it. */
  pattern(): string;
}

/** @throws PatternProblem with the place in the pattern */
export function compilePattern(pattern: string): Pattern {
  const translated = translatePattern(pattern);
  try {
    return RE2JS.compile(translated);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const about = 'input' in error && typeof error.input === 'string' ? error.input : '';
    throw new PatternProblem(Math.max(0, pattern.indexOf(about)), describe(error));
  }
}

function describe(error: RE2JSException): string {
  return error.message.replace(/^error parsing regexp: /, '');
}

const MAX_GUESTS = 20;
const MAX_GUEST_LENGTH = 500;

/**
 * Patterns out of an event: those that are valid text and valid patterns. An event is written by strangers, so only the first 20 are taken,
 * and none longer than 500 characters.
 */
export function guestPatterns(values: readonly unknown[]): readonly Pattern[] {
  return values.slice(0, MAX_GUESTS).flatMap((value) => {
    if (typeof value !== 'string' || value.length > MAX_GUEST_LENGTH) return [];
    try {
      return [compilePattern(value)];
    } catch (error) {
      if (error instanceof PatternProblem) return [];
      throw error;
    }
  });
}

/** Several patterns that are searched for in one pass over a text. */
export class PatternSet {
  readonly #set = new RE2Set();

  /** Undefined when the patterns are too much for one machine. */
  static of(patterns: readonly Pattern[]): PatternSet | undefined {
    try {
      const set = new PatternSet();
      for (const pattern of patterns) set.#set.add(pattern.pattern());
      set.#set.compile();
      return set;
    } catch (error) {
      if (error instanceof RE2JSException) return undefined;
      throw error;
    }
  }

  /** The numbers of the patterns that are found in the text, in the order in which they were given from 0. */
  found(text: string): readonly number[] {
    return this.#set.match(text);
  }
}
