// Numbers and days in a reader's own words.

const DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });
const SHORT_DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });
const MOMENT = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short" });
const AGE = new Intl.RelativeTimeFormat("en-GB", { numeric: "auto" });
const COUNT = new Intl.NumberFormat("en-GB");

/** @type {readonly (readonly [number, string])[]} the least probability for each wording */
const SURENESS = [
  [0.97, "Almost certain"],
  [0.85, "Very sure"],
  [0.7, "Fairly sure"],
  [0.55, "More likely right than not"],
  [0.4, "Could go either way"],
  [0.2, "Unsure"],
  [0, "A guess"],
];
/** @type {readonly (readonly [Intl.RelativeTimeFormatUnit, number])[]} with seconds */
const UNITS = [
  ["year", 31_556_952],
  ["month", 2_629_746],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/**
 * Say a probability: how sure, and of how many such answers so many are right.
 *
 * @param {number} probability
 * @returns {{sure: string, odds: string, ofTen: number}}
 */
export function sayConfidence(probability) {
  const found = SURENESS.find(([least]) => probability >= least);
  return {
    sure: found === undefined ? "A guess" : found[1],
    odds: sayOdds(probability),
    ofTen: Math.round(probability * 10),
  };
}

/** @param {number} probability */
function sayOdds(probability) {
  if (probability >= 0.985) {
    return "about 99 in 100";
  }
  if (probability >= 0.95) {
    return "about 19 in 20";
  }
  if (probability < 0.05) {
    return "fewer than 1 in 20";
  }
  return `about ${Math.min(9, Math.max(1, Math.round(probability * 10)))} in 10`;
}

/** @param {string} day as 2025-01-31 */
export function sayDay(day) {
  return DAY.format(new Date(`${day}T00:00:00Z`));
}

/** @param {string} day as 2025-01-31 */
export function sayDayShortly(day) {
  return SHORT_DAY.format(new Date(`${day}T00:00:00Z`));
}

/** @param {string} moment in ISO 8601 */
export function sayMoment(moment) {
  return MOMENT.format(new Date(moment));
}

/** @param {string} moment in ISO 8601 */
export function sayAge(moment) {
  const seconds = (Date.parse(moment) - Date.now()) / 1000;
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) {
      return AGE.format(Math.trunc(seconds / length), unit);
    }
  }
  return "just now";
}

/**
 * @param {number} count
 * @param {string} one what it is called when there is one
 * @param {string} [more] what it is called otherwise; with an s where not given
 */
export function sayCount(count, one, more = `${one}s`) {
  return `${sayNumber(count)} ${count === 1 ? one : more}`;
}

/** @param {number} number */
export function sayNumber(number) {
  return COUNT.format(number);
}
