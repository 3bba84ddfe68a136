/** The package ships no types; this is what is used of it. */
declare module 'object-treeify' {
  /** Lines of a tree: a member that is an object becomes a branch, a text a leaf. */
  export default function treeify(
    tree: object,
    options: { readonly joined: false; readonly breakCircularWith: null },
  ): string[];
}
