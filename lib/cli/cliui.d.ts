/** The package ships no types; this is what is used of it. */
declare module 'cliui' {
  interface Column {
    readonly text: string;
    readonly width?: number;
    /** Blanks above, right, below and left. */
    readonly padding?: readonly [number, number, number, number];
  }
  /** Columns of text, wrapped to a width. */
  export default function cliui(options: { readonly width: number }): {
    div(...columns: readonly Column[]): unknown;
    toString(): string;
  };
}
