/** As much of uFuzzy as static/js uses; the library itself (static/vendor/ufuzzy.js) has no JSDoc. */
export default class uFuzzy {
  constructor(options?: Record<string, number>);
  /** The places in `haystack` of what matches, or null when `needle` holds nothing to look for. */
  filter(haystack: string[], needle: string): number[] | null;
}
