/** As much of Lean QR as static/js/briefings uses; the library itself is static/vendor/lean-qr.js. */
export const correction: Record<'L' | 'M' | 'Q' | 'H', number>;
export function generate(text: string, options?: {minCorrectionLevel?: number}): {size: number; get(x: number, y: number): boolean};
