import picocolors from 'picocolors';

/** Functions that colour text, or leave it as it is. */
export type Colors = ReturnType<typeof picocolors.createColors>;

/**
 * Colours for one stream. `auto` means: on a terminal, unless `NO_COLOR` is set to anything or the terminal is a dumb one. Given as an
 * option, `always` and `never` beat the environment.
 */
export function colorsFor(
  choice: 'auto' | 'always' | 'never',
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): Colors {
  const wanted =
    (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb' && stream.isTTY === true;
  return picocolors.createColors(choice === 'always' || (choice === 'auto' && wanted));
}
