// Numbers and days in a reader's own words.

const DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });
const SHORT_DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });
const MOMENT = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short" });
const SHORT_MOMENT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });
const AGE = new Intl.RelativeTimeFormat("en-GB", { numeric: "auto" });
const COUNT = new Intl.NumberFormat("en-GB");

/**
 * How each probability is said: in words, as odds and in dots of ten, from the least on.
 *
 * @typedef {{least: number, sure: string, odds: string, dots: number}} Confidence
 * @type {readonly Confidence[]}
 */
const CONFIDENCES = [
  { least: 0.97, sure: "Almost certain", odds: "99 in 100", dots: 10 },
  { least: 0.925, sure: "Very sure", odds: "19 in 20", dots: 9 },
  { least: 0.85, sure: "Very sure", odds: "9 in 10", dots: 9 },
  { least: 0.75, sure: "Fairly sure", odds: "8 in 10", dots: 8 },
  { least: 0.65, sure: "Fairly sure", odds: "7 in 10", dots: 7 },
  { least: 0.55, sure: "More likely right than not", odds: "6 in 10", dots: 6 },
  { least: 0.45, sure: "Could go either way", odds: "5 in 10", dots: 5 },
  { least: 0.35, sure: "Unsure", odds: "4 in 10", dots: 4 },
  { least: 0.25, sure: "Unsure", odds: "3 in 10", dots: 3 },
  { least: 0.15, sure: "Very unsure", odds: "2 in 10", dots: 2 },
  { least: 0.05, sure: "Very unsure", odds: "1 in 10", dots: 1 },
];
/** @type {Confidence} */
const HARDLY = { least: 0, sure: "A guess", odds: "less than 1 in 20", dots: 0 };
/** @type {readonly (readonly [Intl.RelativeTimeFormatUnit, number])[]} with seconds */
const UNITS = [
  ["year", 31_556_952],
  ["month", 2_629_746],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/**
 * Say how probably something is right. The same words always come with the same odds and dots.
 *
 * @param {number} probability
 * @returns {Confidence}
 */
export function sayConfidence(probability) {
  return CONFIDENCES.find(({ least }) => probability >= least) ?? HARDLY;
}

/** @param {string} day as 2025-01-31 */
export function sayDay(day) {
  return DAY.format(new Date(`${day}T00:00:00Z`));
}

/** @param {string} day as 2025-01-31 */
export function sayDayShortly(day) {
  return SHORT_DAY.format(new Date(`${day}T00:00:00Z`));
}

/**
 * Say a period by its first and last day.
 *
 * @param {string | null} from null where it is open
 * @param {string | null} to
 * @returns {string} "" where both ends are open
 */
export function sayPeriod(from, to) {
  if (from === to) {
    return from === null ? "" : sayDay(from);
  }
  if (from === null || to === null) {
    return from === null ? `until ${sayDay(to ?? "")}` : `from ${sayDay(from)}`;
  }
  return DAY.formatRange(new Date(`${from}T00:00:00Z`), new Date(`${to}T00:00:00Z`));
}

/**
 * @param {string} standing as the service has it
 */
export function sayStanding(standing) {
  return `${standing.charAt(0).toUpperCase()}${standing.slice(1)}`;
}

/** @param {string} moment in ISO 8601 */
export function sayMoment(moment) {
  return MOMENT.format(new Date(moment));
}

/** @param {string} moment in ISO 8601 */
export function sayMomentShortly(moment) {
  return SHORT_MOMENT.format(new Date(moment));
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
