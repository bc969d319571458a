// The service counts Unicode code points; JavaScript counts UTF-16 code units.

/**
 * Cut a text at code points.
 *
 * @param {string} text
 * @param {number[]} cuts ascending; those beyond the end cut at the end
 * @returns {string[]} the pieces before, between and after the cuts: one more than cuts
 */
export function cutAt(text, cuts) {
  const pieces = [];
  let unit = 0;
  let point = 0;
  for (const cut of cuts) {
    const first = unit;
    while (point < cut && unit < text.length) {
      unit += /** @type {number} */ (text.codePointAt(unit)) > 0xffff ? 2 : 1;
      point += 1;
    }
    pieces.push(text.slice(first, unit));
  }
  pieces.push(text.slice(unit));
  return pieces;
}

/**
 * Where code points stand in UTF-16 code units.
 *
 * @param {string} text
 * @param {number[]} points in any order; those beyond the end stand at the end
 * @returns {Map<number, number>} code units by code points
 */
export function unitsOf(text, points) {
  const cuts = [...new Set(points)].sort((one, other) => one - other);
  let unit = 0;
  const pieces = cutAt(text, cuts);
  return new Map(cuts.map((point, at) => [point, (unit += pieces[at]?.length ?? 0)]));
}

/**
 * Count the code points of a text.
 *
 * @param {string} text
 */
export function countCodePoints(text) {
  let count = 0;
  for (const _ of text) {
    count += 1;
  }
  return count;
}
